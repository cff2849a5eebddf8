// JsonLog: records in a file, a line each (record_json.h), written as training goes.
//
//   logs::JsonLog log("runs/a/metrics.jsonl", /*steps_done=*/0);
//   log.write(WindowRecord{1000, 2.31, 0.1});
//
// Left out: reading it (history.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "wavenet/log/records.h"

namespace wavenet::logs {

inline constexpr std::int64_t kMaxLogBytes = std::int64_t{1} << 30;

// Those lines that were written before or when `steps_done` steps were done; a last line cut short
// by a kill is dropped. `name` stands for the file in messages.
std::string records_up_to(std::string_view lines, std::int64_t steps_done, const std::string& name);

class JsonLog {
 public:
  // Starts the file anew for `steps_done` 0; else keeps what was logged up to that step.
  JsonLog(const std::filesystem::path& path, std::int64_t steps_done);
  // A record of one line, but losses of many files as several, whose files belong together.
  void write(const Record& record);

 private:
  void write_line(const Record& record);

  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::logs
