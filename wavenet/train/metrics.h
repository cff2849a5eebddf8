// Metrics: the log of a run, metrics.jsonl, one JSON object a line, written as training goes.
//
//   train::Metrics log("runs/a/metrics.jsonl", 0);
//   log.step(999, 2.31, 0.1);          // {"step":999,"loss":2.31,"lr":0.1}
//   log.evaluation(1000, "val", 2.35); // {"step":1000,"split":"val","loss":2.35}
//
// Left out: reading it back beyond what resuming needs.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace wavenet::train {

class Metrics {
 public:
  // Starts the file anew for `steps_done` 0; else keeps what was logged up to that step.
  Metrics(const std::filesystem::path& path, std::int64_t steps_done);
  // Goes on after whatever stands there.
  explicit Metrics(const std::filesystem::path& path);
  // `step` is the last one of a window, counted from 0; `loss` the window's mean.
  void step(std::int64_t step, double loss, double rate);
  // After `steps` steps.
  void evaluation(std::int64_t steps, const std::string& split, double loss);

 private:
  void open();
  void line(const std::string& text);

  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::train
