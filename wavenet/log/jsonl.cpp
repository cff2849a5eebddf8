#include "wavenet/log/jsonl.h"

#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/log/record_json.h"

namespace wavenet::logs {
namespace {

// What a file adds to a line: its name, of which any byte may need six, and numbers.
std::size_t most_bytes_of(const FileLossRecord::File& file) { return 6 * file.name.size() + 100; }

// Losses of many files as several records, each of which fits a line.
std::vector<FileLossRecord> in_lines(const FileLossRecord& whole) {
  std::vector<FileLossRecord> parts;
  std::size_t bytes = kMaxLineBytes;
  for (const FileLossRecord::File& file : whole.files) {
    bytes += most_bytes_of(file);
    if (bytes > kMaxLineBytes / 2) {
      parts.push_back({.step = whole.step, .split = whole.split});
      bytes = most_bytes_of(file);
    }
    parts.back().files.push_back(file);
  }
  return parts;
}

}  // namespace

std::string records_up_to(std::string_view lines, std::int64_t steps_done,
                          const std::string& name) {
  std::string kept;
  std::int64_t number = 0;
  for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1)) {
    const std::string place = fmt::format("{}: line {}", name, ++number);
    if (steps_done_at(lines.substr(0, end), place) <= steps_done) {
      kept += lines.substr(0, end + 1);
    }
  }
  return kept;
}

JsonLog::JsonLog(const std::filesystem::path& path, std::int64_t steps_done)
    : path_(path.string()) {
  const bool kept = steps_done > 0 && std::filesystem::exists(status_of(path));
  write_file_atomically(
      path, kept ? records_up_to(read_file(path, kMaxLogBytes), steps_done, path_) : "");
  file_.open(path_, std::ios::app);
  check_as(ErrorKind::io, file_.is_open(), "{}: cannot be written", path_);
}

void JsonLog::write(const Record& record) {
  const auto* losses = std::get_if<FileLossRecord>(&record);
  if (losses != nullptr && losses->files.size() > 1) {
    for (const FileLossRecord& part : in_lines(*losses)) {
      write_line(part);
    }
  } else {
    write_line(record);
  }
}

void JsonLog::write_line(const Record& record) {
  file_ << line_of(record) << '\n';
  file_.flush();
  check_as(ErrorKind::io, file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::logs
