// MetricsCsv: the losses of a run as a table, metrics.csv, for spreadsheets and plotting programs.
//
//   step,split,loss,lr
//   999,,2.31,0.1        a window of steps, as in metrics.jsonl
//   1000,val,2.35,       an evaluation
//
// A column is a key of metrics.jsonl, empty where a record lacks it; lines end as RFC 4180 has it.
// Left out: the records that are no losses.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "wavenet/base/records.h"

namespace wavenet::train {

// The table that the lines of a metrics.jsonl make.
std::string csv_of(std::string_view records);

// Whether a file that begins so is such a table.
bool is_metrics_csv(std::string_view beginning);

class MetricsCsv {
 public:
  // Says what `metrics`, a metrics.jsonl, says so far, so that a resumed run's tables agree.
  MetricsCsv(const std::filesystem::path& path, const std::filesystem::path& metrics);
  void write(const Record& record);

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::train
