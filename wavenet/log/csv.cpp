#include "wavenet/log/csv.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/log/jsonl.h"
#include "wavenet/log/record_json.h"

namespace wavenet::logs {
namespace {

constexpr std::string_view kHeader = "steps_done,split,loss,lr\r\n";
constexpr std::string_view kOldHeader = "step,split,loss,lr\r\n";  // of version 0.1

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string result = "\"";
  for (char c : text) {
    result += c == '"' ? "\"\"" : std::string(1, c);
  }
  return result + '"';
}

// As metrics.jsonl spells it.
std::string spelt(double number) {
  return std::isfinite(number) ? nlohmann::json(number).dump() : "";
}

// Empty for what is no loss.
std::string row_of(const Record& record) {
  if (const auto* window = std::get_if<WindowRecord>(&record)) {
    return fmt::format("{},,{},{}\r\n", window->step, spelt(window->loss), spelt(window->rate));
  }
  if (const auto* evaluation = std::get_if<Evaluation>(&record)) {
    return fmt::format("{},{},{},\r\n", evaluation->step, csv_cell(evaluation->split),
                       spelt(evaluation->loss));
  }
  return "";
}

}  // namespace

std::string csv_of(std::string_view lines, const std::string& name) {
  std::string table(kHeader);
  std::int64_t number = 0;
  for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1)) {
    const std::string place = fmt::format("{}: line {}", name, ++number);
    if (const std::optional<Record> record = record_of(lines.substr(0, end), place)) {
      table += row_of(*record);
    }
  }
  return table;
}

bool begins_a_table(std::string_view text) {
  return text.starts_with(kHeader) || text.starts_with(kOldHeader);
}

CsvLog::CsvLog(const std::filesystem::path& path, const std::filesystem::path& metrics)
    : path_(path.string()) {
  write_file_atomically(path, csv_of(read_file(metrics, kMaxLogBytes), metrics.string()));
  file_.open(path, std::ios::app | std::ios::binary);
  check_as(ErrorKind::io, file_.is_open(), "{}: cannot be written", path_);
}

void CsvLog::write(const Record& record) {
  file_ << row_of(record);
  file_.flush();
  check_as(ErrorKind::io, file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::logs
