#include "wavenet/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <vector>

#include "wavenet/base/atomic_file.h"
#include "wavenet/base/check.h"
#include "wavenet/base/descriptor.h"

namespace wavenet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 16;

ErrorKind error_kind_of(int error) { return error == ENOENT ? ErrorKind::missing : ErrorKind::io; }

std::string reason(int error) {
  switch (error) {
    case ENOENT:
      return "no such file";
    case EISDIR:
      return "is a directory, a file was expected";
    case EACCES:
      return "permission denied";
    default:
      return std::generic_category().message(error);
  }
}

void check_cap(std::string_view name, std::int64_t size, std::int64_t max_bytes) {
  check_intact(size <= max_bytes, "{}: {} bytes, at most {} are read here", name, size, max_bytes);
}

void check_read_cap(std::string_view name, std::size_t read_so_far, std::int64_t max_bytes) {
  check_intact(static_cast<std::int64_t>(read_so_far) <= max_bytes,
               "{}: more than {} bytes, at most {} are read here", name, max_bytes, max_bytes);
}

int open_or_fail(const fs::path& path, struct stat& status) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check_as(error_kind_of(errno), number >= 0, "{}: {}", path.string(), reason(errno));
  const bool known = ::fstat(number, &status) == 0;
  if (!known || S_ISDIR(status.st_mode)) {
    const int error = known ? EISDIR : errno;
    ::close(number);
    fail_as(ErrorKind::io, "{}: {}", path.string(), reason(error));
  }
  return number;
}

}  // namespace

std::string read_file(const fs::path& path, std::int64_t max_bytes) {
  const std::string name = path.string();
  struct stat status {};
  const Descriptor file(open_or_fail(path, status));
  check_cap(name, status.st_size, max_bytes);
  std::string content;
  content.reserve(static_cast<std::size_t>(status.st_size));
  std::vector<char> piece(kPiece);
  for (;;) {
    const ssize_t got = ::read(file.number(), piece.data(), piece.size());
    if (got == 0) {
      return content;
    }
    check_as(ErrorKind::io, got > 0 || errno == EINTR, "{}: {}", name, reason(errno));
    content.append(piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    check_read_cap(name, content.size(), max_bytes);
  }
}

std::string read_stream(std::istream& stream, std::int64_t max_bytes, std::string_view name) {
  std::string content;
  std::vector<char> piece(kPiece);
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         stream.gcount() > 0) {
    content.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
    check_read_cap(name, content.size(), max_bytes);
  }
  check_as(ErrorKind::io, !stream.bad(), "{}: cannot be read to its end", name);
  return content;
}

fs::file_status status_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  check_as(ErrorKind::io, status.type() != fs::file_type::none, "{}: {}", path.string(),
           reason(error.value()));
  return status;
}

std::ifstream open_regular_file(const fs::path& path, std::int64_t& size) {
  struct stat status {};
  const Descriptor probe(open_or_fail(path, status));
  check_as(ErrorKind::io, S_ISREG(status.st_mode), "{}: is no regular file, and one is needed here",
           path.string());
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  check_as(error_kind_of(errno), stream.is_open(), "{}: {}", path.string(), reason(errno));
  size = stream.tellg();  // of what is now open: another file may have taken the place since
  stream.seekg(0);
  return stream;
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  write_file_atomically(path, std::span(&content, 1));
}

void write_file_atomically(const fs::path& path, std::span<const std::string_view> chunks) {
  AtomicFile file(path);
  for (std::string_view chunk : chunks) {
    file.write(chunk);
  }
  file.take_place();
}

void require_own_file(const fs::path& path, std::string_view kind,
                      bool (*is_own)(std::string_view beginning)) {
  if (!fs::is_regular_file(status_of(path))) {
    return;  // nothing to lose: writing tells what else is wrong
  }
  std::int64_t size = 0;
  std::ifstream file = open_regular_file(path, size);
  std::string beginning(std::min<std::size_t>(kPiece, static_cast<std::size_t>(size)), '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  check_as(ErrorKind::io, beginning.empty() || is_own(beginning),
           "{}: is there and no {}, so it is not replaced; remove it or choose another name",
           path.string(), kind);
}

void require_writable_directory(const fs::path& path) {
  const fs::file_status status = status_of(path);
  check_as(ErrorKind::io, !fs::exists(status) || fs::is_directory(status),
           "{}: is a file, a directory was expected", path.string());
  std::error_code error;
  fs::create_directories(path, error);
  check_as(ErrorKind::io, !error, "{}: the directory cannot be made: {}", path.string(),
           error.message());
  std::string probe;
  const Descriptor file(create_beside((path / "probe").string(), probe));
  const int problem = errno;
  check_as(ErrorKind::io, file.number() >= 0, "{}: no file can be written in it: {}", path.string(),
           write_reason(problem));
  ::unlink(probe.c_str());
}

}  // namespace wavenet
