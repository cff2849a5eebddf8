#include "wavenet/io/event_files.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/io/tfrecord.h"

namespace wavenet::io {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 30;
constexpr std::string_view kPrefix = "events.out.tfevents.";
constexpr std::string_view kSuffix = ".wavenet";

bool is_event_file(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code gone;
  return name.starts_with(kPrefix) && name.ends_with(kSuffix) && entry.is_regular_file(gone);
}

// An event of ours is a f64 of time, field 1, then the step as a varint, field 2.
std::int64_t step_of(std::string_view event) {
  constexpr std::size_t kStep = 1 + sizeof(double) + 1;
  std::uint64_t step = 0;
  unsigned shift = 0;
  for (std::size_t at = kStep; at < event.size() && shift < 63; ++at, shift += 7) {
    step |= (static_cast<std::uint64_t>(event[at]) & 0x7FU) << shift;
    if ((static_cast<unsigned char>(event[at]) & 0x80U) == 0) {
      break;
    }
  }
  return static_cast<std::int64_t>(step);
}

// Steps never go back within a file, so what is kept is its beginning.
std::size_t bytes_kept(std::string_view bytes, std::int64_t steps_done) {
  std::string_view rest = bytes;
  for (auto event = front_tfrecord(rest); event && step_of(*event) <= steps_done;
       event = front_tfrecord(rest)) {
    rest.remove_prefix(event->size() + kTfrecordFrame);
  }
  return bytes.size() - rest.size();
}

std::int64_t number_in(const fs::path& file) {
  const std::string name = file.filename().string();
  std::int64_t number = 0;
  std::from_chars(name.data() + kPrefix.size(), name.data() + name.size() - kSuffix.size(), number);
  return number;
}

}  // namespace

std::vector<fs::path> event_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (is_event_file(*entry)) {
      files.push_back(entry->path());
    }
  }
  check_as(ErrorKind::io, !error, "{}: {}", folder.string(), error.message());
  return files;
}

void cut_event_files(const fs::path& folder, std::int64_t steps_done) {
  for (const fs::path& file : event_files_in(folder)) {
    const std::size_t kept = bytes_kept(read_file(file, kMaxBytes), steps_done);
    std::error_code error;
    fs::resize_file(file, kept, error);
    check_as(ErrorKind::io, !error, "{}: cannot be cut back to step {}: {}", file.string(),
             steps_done, error.message());
  }
}

void remove_event_files(const fs::path& folder) {
  for (const fs::path& file : event_files_in(folder)) {
    std::error_code error;
    fs::remove(file, error);
    check_as(ErrorKind::io, !error, "{}: cannot be removed: {}", file.string(), error.message());
  }
}

fs::path next_event_file(const fs::path& folder, std::int64_t seconds) {
  for (const fs::path& file : event_files_in(folder)) {
    seconds = std::max(seconds, number_in(file) + 1);
  }
  return folder / fmt::format("{}{:010}{}", kPrefix, seconds, kSuffix);
}

}  // namespace wavenet::io
