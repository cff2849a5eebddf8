// Records: what a run folder tells of its training.
//
//   Records run = read_records("runs/a");               // metrics.jsonl; details.jsonl, run.json
//   for (const WindowRecord& w : run.windows) { ... }   // where they are; in the order of the file
//
// A last line that a kill cut short is dropped, kinds of records that are unknown here are skipped,
// and a number that f32 cannot hold, or null, is read as not a number. Anything else that breaks
// the format is an Error naming file, line and rule. Left out: writing them (train/), and drawing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/base/records.h"

namespace wavenet::report {

// What is read at most; a larger file or list is an Error.
inline constexpr std::int64_t kMaxMetricsBytes = std::int64_t{1} << 30;
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
inline constexpr std::int64_t kMaxRunBytes = std::int64_t{1} << 20;
inline constexpr std::size_t kMaxRunKeys = 10'000;
inline constexpr std::int64_t kMaxCount = std::int64_t{1} << 50;  // of any integer
inline constexpr std::size_t kMaxList = 10'000;
inline constexpr std::size_t kMaxNameBytes = 1000;

struct LayerInfo {
  std::string name;
  std::string kind;
  std::vector<std::int64_t> shape;
  std::int64_t parameters = 0;
};

struct Fact {  // of the data: "words", "32,033"
  std::string name;
  std::string value;
  bool operator==(const Fact&) const = default;
};

struct Marks {
  std::optional<double> uniform;
  std::optional<double> unigram;
  std::optional<double> ngram;
  std::int64_t order = 0;  // of the n-gram; 0: unknown
};

// run.json. Every key may be missing, and all are where the file is.
struct RunInfo {
  std::string version;
  std::string command;
  std::string recipe;      // indented JSON
  std::int64_t steps = 0;  // that training will take; 0: unknown
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> split_seed;
  std::optional<std::int64_t> parameters;
  std::int64_t receptive_field = 0;
  std::int64_t vocabulary = 0;
  std::vector<LayerInfo> layers;
  std::vector<std::int64_t> dilations;
  std::int64_t width = 0;
  std::vector<Fact> data;
  Marks marks;
};

struct Records {
  std::string name;  // of the folder
  std::vector<WindowRecord> windows;
  std::vector<Evaluation> evaluations;
  std::vector<LayerRecord> layers;
  std::vector<ParameterRecord> parameters;
  std::vector<NormRecord> norms;
  std::vector<SampleRecord> samples;
  std::vector<Verdict> verdicts;
  RunInfo info;
  bool running = false;  // a process trains in the folder

  std::int64_t steps_done() const;
  // Training reached its last step, or wrote the train loss that stands at its end.
  bool finished() const;
};

Records read_records(const std::filesystem::path& folder);

// The same from text; `file` stands for it in messages.
void parse_metrics(std::string_view text, const std::string& file, Records& records);
// Whether a file that begins so tells of a run.
bool is_run(std::string_view beginning);
RunInfo parse_run(std::string_view text, const std::string& file);

}  // namespace wavenet::report
