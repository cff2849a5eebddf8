// CsvLog: the losses of a run as a table, metrics.csv, for spreadsheets and plotting programs.
//
//   steps_done,split,loss,lr
//   1000,,2.31,0.1        a window of steps, as in metrics.jsonl
//   1000,val,2.35,        an evaluation
//
// A column is a key of metrics.jsonl, empty where a record lacks it; lines end as RFC 4180 has it.
// Left out: the records that are no losses.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "wavenet/log/records.h"

namespace wavenet::logs {

// The table that the lines of a metrics.jsonl make; `name` stands for it in messages.
std::string csv_of(std::string_view lines, const std::string& name);

// Whether a file that begins so is such a table.
bool begins_a_table(std::string_view text);

class CsvLog {
 public:
  // Says what `metrics`, a metrics.jsonl, says so far, so that a resumed run's tables agree.
  CsvLog(const std::filesystem::path& path, const std::filesystem::path& metrics);
  void write(const Record& record);

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::logs
