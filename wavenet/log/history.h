// History: what a run folder tells of its training.
//
//   History run = read_history("runs/a");               // metrics.jsonl; details.jsonl, run.json
//   for (const WindowRecord& w : run.windows) { ... }   // where they are; in the order of the file
//
// A last line that a kill cut short is dropped, kinds of records that are unknown here are skipped,
// and a number that f32 cannot hold, or null, is read as not a number. Anything else that breaks
// the format is an Error naming file, line and rule. Left out: writing (jsonl.h), drawing (report/).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/log/records.h"
#include "wavenet/log/run_info.h"

namespace wavenet {

struct History {
  std::string name;  // of the folder
  std::vector<WindowRecord> windows;
  std::vector<Evaluation> evaluations;
  std::vector<LayerRecord> layers;
  std::vector<ParameterRecord> parameters;
  std::vector<NormRecord> norms;
  std::vector<SampleRecord> samples;
  std::vector<SoundRecord> sounds;
  std::vector<FileLossRecord> file_losses;
  std::vector<CodesRecord> codes;
  std::vector<Verdict> verdicts;
  RunInfo info;
  bool running = false;  // a process trains in the folder

  void add(const Record& record);
  std::int64_t steps_done() const;
  // Training reached its last step, or wrote the train loss that stands at its end.
  bool finished() const;
};

History read_history(const std::filesystem::path& folder);

// Adds what the lines of a log say; `file` stands for it in messages.
void add_lines(std::string_view text, const std::string& file, History& history);

}  // namespace wavenet
