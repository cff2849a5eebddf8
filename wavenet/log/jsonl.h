// Metrics: the log of a run, metrics.jsonl, one JSON object a line, written as training goes.
//
//   train::Metrics log("runs/a/metrics.jsonl", 0);
//   log.write(WindowRecord{999, 2.31, 0.1});      // {"step":999,"loss":2.31,"lr":0.1}
//   log.write(Evaluation{1000, "val", 2.35});     // {"step":1000,"split":"val","loss":2.35}
//
//   {"step":999,"layer":"blocks.0.tanh","kind":"Tanh","activation":H,"gradient":H,
//    "saturated":0.03,"dead":0.0}
//        H: {"low":-1.0,"high":1.0,"counts":[3,7],"mean":0.2,"std":0.4}
//   {"step":999,"parameter":"head.weight","std":0.1,"gradient_std":0.002,"update_ratio":-3.1}
//   {"step":999,"norm":"blocks.0.norm","mean":[-1.0,0.0,1.0],"variance":[0.1,1.0,9.0]}
//   {"step":1000,"samples":[{"text":"emma","known":true}]}
//   {"step":1000,"verdict":"not learning","because":"...","try":"..."}
//
// A number that is not finite is null. Left out: reading it back beyond what resuming needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "wavenet/base/records.h"

namespace wavenet::train {

inline constexpr std::int64_t kMaxMetricsBytes = std::int64_t{1} << 30;

// Those lines of a metrics.jsonl that were written before or when `steps_done` steps were done; a
// last line cut short by a kill is dropped. `name` stands for the file in messages.
std::string records_up_to(std::string_view lines, std::int64_t steps_done, const std::string& name);

// Whether a file that begins so is such a log.
bool is_metrics(std::string_view beginning);

// A record as its line, without the line's end.
std::string line_of(const Record& record);

class Metrics {
 public:
  // Starts the file anew for `steps_done` 0; else keeps what was logged up to that step.
  Metrics(const std::filesystem::path& path, std::int64_t steps_done);
  void write(const Record& record);

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::train
