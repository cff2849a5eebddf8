// RunLog: everything that a run tells, written as it happens to the logs in its folder: losses to
// metrics.jsonl and metrics.csv (for spreadsheets), what layers, samples and verdicts say to
// details.jsonl, and all of it to TensorBoard's event file.
//
//   train::RunLog log("runs/a", /*steps_done=*/0);
//   log.step(999, 2.31, 0.1);
//   log.evaluation(1000, "val", 2.35);
//
// `step` is the last step done, counted from 0; `steps` is how many were done. Event files have one
// axis, the steps done, so there step 999 stands at 1000. Left out: measuring, judging, the report.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "wavenet/io/events.h"
#include "wavenet/train/metrics.h"
#include "wavenet/train/metrics_csv.h"
#include "wavenet/train/records.h"

namespace wavenet::train {

class RunLog {
 public:
  // Starts the logs anew for `steps_done` 0; else keeps what they say up to that step.
  RunLog(const std::filesystem::path& folder, std::int64_t steps_done);

  // The mean loss of a window of steps that ends with `step`.
  void step(std::int64_t step, double loss, double rate);
  void evaluation(std::int64_t steps, const std::string& split, double loss);
  void layer(std::int64_t step, const LayerRecord& record);
  void parameter(std::int64_t step, const ParameterRecord& record);
  void norm(std::int64_t step, const NormRecord& record);
  void samples(std::int64_t steps, std::span<const Sample> samples);
  void verdict(std::int64_t steps, const Verdict& verdict);

 private:
  Metrics metrics_;
  Metrics details_;
  MetricsCsv csv_;
  io::EventWriter events_;
};

}  // namespace wavenet::train
