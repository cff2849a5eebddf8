#include "wavenet/train/metrics_csv.h"

#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/train/metrics.h"

namespace wavenet::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHeader = "step,split,loss,lr\r\n";

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string result = "\"";
  for (char c : text) {
    result += c == '"' ? "\"\"" : std::string(1, c);
  }
  return result + '"';
}

std::string field(const Json& record, const char* key) {
  const auto found = record.find(key);
  if (found == record.end()) {
    return "";
  }
  return found->is_string()   ? quoted(found->get<std::string>())
         : found->is_number() ? found->dump()
                              : "";
}

std::string row_of(const Json& record) {
  return fmt::format("{},{},{},{}\r\n", field(record, "step"), field(record, "split"),
                     field(record, "loss"), field(record, "lr"));
}

// Of those lines that are losses.
std::string rows_of(std::string_view records) {
  std::string rows;
  for (std::size_t end; (end = records.find('\n')) != records.npos;
       records.remove_prefix(end + 1)) {
    const Json record = Json::parse(records.substr(0, end), nullptr, false);
    if (record.is_object() && record.contains("loss")) {
      rows += row_of(record);
    }
  }
  return rows;
}

}  // namespace

std::string csv_of(std::string_view records) { return std::string(kHeader) + rows_of(records); }

bool is_metrics_csv(std::string_view beginning) { return beginning.starts_with(kHeader); }

MetricsCsv::MetricsCsv(const std::filesystem::path& path, const std::filesystem::path& metrics)
    : path_(path.string()) {
  write_file_atomically(path, csv_of(read_file(metrics, kMaxMetricsBytes)));
  file_.open(path, std::ios::app | std::ios::binary);
  check_as(ErrorKind::io, file_.is_open(), "{}: cannot be written", path_);
}

void MetricsCsv::write(const Record& record) {
  file_ << rows_of(line_of(record) + '\n');
  file_.flush();
  check_as(ErrorKind::io, file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::train
