#include "wavenet/sound/source.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "wavenet/base/check.h"

namespace wavenet::sound {
namespace {

std::string reason(int error) {
  return error == ENOENT   ? "no such file"
         : error == EACCES ? "permission denied"
                           : std::strerror(error);
}

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// The same file with the same content, as far as the system tells.
bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         same_time(a.st_mtim, b.st_mtim);
}

}  // namespace

// Without waiting: opening a named pipe would last until somebody writes to it.
Source::Source(const std::filesystem::path& path)
    : name_(path.string()), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  const int error = errno;
  check_as(error == ENOENT ? ErrorKind::missing : ErrorKind::io, file_.number() >= 0, "{}: {}",
           name_, reason(error));
  check_as(ErrorKind::io, ::fstat(file_.number(), &status_) == 0, "{}: {}", name_, reason(errno));
  check_as(ErrorKind::io, !S_ISDIR(status_.st_mode),
           "{}: is a directory, a sound file was expected", name_);
  check_as(ErrorKind::io, S_ISREG(status_.st_mode),
           "{}: is no regular file, and sound is read from none else", name_);
  check_intact(size() > 0, "{}: is empty, a sound file was expected", name_);
}

std::int64_t Source::read(std::int64_t offset, void* to, std::int64_t count) const {
  auto* place = static_cast<char*>(to);
  std::int64_t done = 0;
  while (done < count) {
    const ssize_t got =
        ::pread(file_.number(), place + done, static_cast<std::size_t>(count - done),
                static_cast<off_t>(offset + done));
    if (got == 0) {
      break;
    }
    check_as(ErrorKind::io, got > 0 || errno == EINTR, "{}: cannot be read: {}", name_,
             reason(errno));
    done += std::max<std::int64_t>(got, 0);
  }
  return done;
}

std::string Source::bytes(std::int64_t offset, std::int64_t count) const {
  std::string result(static_cast<std::size_t>(count), '\0');
  result.resize(static_cast<std::size_t>(read(offset, result.data(), count)));
  return result;
}

void Source::check_unchanged() const {
  struct stat open {};
  struct stat named {};
  const bool known = ::fstat(file_.number(), &open) == 0 && ::stat(name_.c_str(), &named) == 0;
  check_as(ErrorKind::io, known && same(open, status_) && same(named, status_),
           "{}: changed while it was read: it had {} bytes, now {}; read it when nobody writes it",
           name_, status_.st_size, known ? std::to_string(named.st_size) : "it is gone");
}

}  // namespace wavenet::sound
