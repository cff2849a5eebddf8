// RunLog: everything that a run tells, written as it happens to the logs in its folder: losses to
// metrics.jsonl and metrics.csv (for spreadsheets), what layers, samples and verdicts say to
// details.jsonl, and all of it to TensorBoard's event file.
//
//   RunLog log("runs/a", /*steps_done=*/0);
//   log.write(WindowRecord{.step = 1000, .loss = 2.31, .rate = 0.1});
//   log.write(Evaluation{.step = 1000, .split = "val", .loss = 2.35});
//
// Left out: measuring, judging, the report.
#pragma once

#include <filesystem>

#include "wavenet/io/events.h"
#include "wavenet/log/csv.h"
#include "wavenet/log/jsonl.h"

namespace wavenet::run {

class RunLog {
 public:
  // Starts the logs anew for `steps_done` 0; else keeps what they say up to that step.
  RunLog(const std::filesystem::path& folder, std::int64_t steps_done);

  void write(const Record& record);

 private:
  logs::JsonLog metrics_;
  logs::JsonLog details_;
  logs::CsvLog csv_;
  io::EventWriter events_;
};

}  // namespace wavenet::run
