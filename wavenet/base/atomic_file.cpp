#include "wavenet/base/atomic_file.h"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"

namespace wavenet {
namespace {

namespace fs = std::filesystem;

// Where a symbolic link leads to, so that the link stays; a link to nothing yet is made good.
fs::path behind_links(fs::path path) {
  constexpr int kMostLinks = 40;  // as Linux has it
  std::error_code error;
  for (int links = 0; links < kMostLinks && fs::is_symlink(path, error); ++links) {
    const fs::path next = fs::read_symlink(path, error);
    if (error) {
      break;
    }
    path = path.parent_path() / next;  // an absolute one takes the whole place
  }
  return path;
}

// Makes a rename survive a power cut. Some file systems cannot sync a directory; that is no error.
void sync_directory_of(const fs::path& path) {
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number() >= 0) {
    ::fsync(file.number());
  }
}

// Renaming onto a device such as /dev/null would replace it.
fs::path checked_target(const fs::path& path) {
  const fs::file_status status = status_of(path);
  check_as(ErrorKind::io, !fs::is_directory(status), "{}: is a directory, a file was expected",
           path.string());
  check_as(ErrorKind::io, !fs::exists(status) || fs::is_regular_file(status),
           "{}: cannot be written: is no regular file", path.string());
  return behind_links(path);
}

}  // namespace

int create_beside(const std::string& target, std::string& path) {
  static std::atomic<std::uint64_t> counter = 0;
  int number = -1;
  do {  // a file of that name may be left from a process that was killed
    path = fmt::format("{}.tmp-{}-{}", target, ::getpid(), counter++);
    number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (number < 0 && errno == EEXIST);
  return number;
}

// As create_beside has it: two numbers.
bool is_temporary(std::string_view name) {
  constexpr std::string_view kMark = ".tmp-";
  const std::size_t mark = name.rfind(kMark);
  if (mark == std::string_view::npos) {
    return false;
  }
  const std::string_view numbers = name.substr(mark + kMark.size());
  const std::size_t dash = numbers.find('-');
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return dash != std::string_view::npos && is_number(numbers.substr(0, dash)) &&
         is_number(numbers.substr(dash + 1));
}

// A missing file here means a missing directory.
std::string write_reason(int error) {
  return error == ENOENT   ? "no such directory"
         : error == EACCES ? "permission denied"
                           : std::strerror(error);
}

AtomicFile::AtomicFile(const fs::path& path)
    : target_(checked_target(path).string()), file_(create_beside(target_, path_)) {
  check_as(ErrorKind::io, file_.number() >= 0, "{}: cannot be written: {}", target_,
           write_reason(errno));
}

AtomicFile::~AtomicFile() {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
    require(written >= 0 || errno == EINTR);
    bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
}

void AtomicFile::write_at(std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.number(), bytes.data(), bytes.size(), offset);
    require(written >= 0 || errno == EINTR);
    bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    offset += written > 0 ? written : 0;
  }
}

void AtomicFile::take_place() {
  require(::fsync(file_.number()) == 0);
  require(file_.close());
  require(::rename(path_.c_str(), target_.c_str()) == 0);
  path_.clear();
  sync_directory_of(target_);
}

void AtomicFile::require(bool done) const {
  check_as(ErrorKind::io, done, "{}: cannot be written: {}", target_, write_reason(errno));
}

}  // namespace wavenet
