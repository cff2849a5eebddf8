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

}  // namespace

std::string csv_of(std::string_view records) {
  std::string table(kHeader);
  for (std::size_t end; (end = records.find('\n')) != records.npos;
       records.remove_prefix(end + 1)) {
    const Json record = Json::parse(records.substr(0, end), nullptr, false);
    if (record.is_object() && record.contains("loss")) {
      table += row_of(record);
    }
  }
  return table;
}

MetricsCsv::MetricsCsv(const std::filesystem::path& path, const std::filesystem::path& metrics)
    : path_(path.string()) {
  write_file_atomically(path, csv_of(read_file(metrics, kMaxMetricsBytes)));
  file_.open(path, std::ios::app | std::ios::binary);
  check(file_.is_open(), "{}: cannot be written", path_);
}

void MetricsCsv::write(const WindowRecord& window) {
  row(row_of({{"step", window.step}, {"loss", window.loss}, {"lr", window.rate}}));
}

void MetricsCsv::write(const Evaluation& evaluation) {
  row(row_of({{"step", evaluation.step}, {"split", evaluation.split}, {"loss", evaluation.loss}}));
}

void MetricsCsv::row(const std::string& text) {
  file_ << text;
  file_.flush();
  check(file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::train
