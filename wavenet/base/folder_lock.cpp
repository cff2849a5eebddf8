#include "wavenet/base/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr int kTries = 5;
constexpr auto kPause = std::chrono::milliseconds(20);

Descriptor open_folder(const std::filesystem::path& folder) {
  return Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// Tries to lock without waiting. False: another process holds a lock that excludes this one. True:
// the lock is ours now, or this file system knows no locks.
bool try_lock(const Descriptor& folder, int kind) {
  return ::flock(folder.number(), kind | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

}  // namespace

std::optional<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  Descriptor opened = open_folder(folder);
  check_as(errno == ENOENT ? ErrorKind::missing : ErrorKind::io, opened.number() >= 0, "{}: {}",
           folder.string(), std::strerror(errno));
  // Whoever only looks has it for a moment.
  for (int tries = 0; !try_lock(opened, LOCK_EX); ++tries) {
    if (tries == kTries) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(kPause);
  }
  return FolderLock(std::move(opened));
}

bool FolderLock::is_held(const std::filesystem::path& folder) {
  const Descriptor opened = open_folder(folder);
  return opened.number() >= 0 && !try_lock(opened, LOCK_SH);
}

bool FolderLock::is_of(const std::filesystem::path& folder) const {
  struct stat locked {};
  struct stat now {};
  return ::fstat(folder_.number(), &locked) == 0 && ::stat(folder.c_str(), &now) == 0 &&
         locked.st_dev == now.st_dev && locked.st_ino == now.st_ino;
}

}  // namespace wavenet
