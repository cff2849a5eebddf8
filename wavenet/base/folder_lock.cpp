#include "wavenet/base/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

Descriptor open_folder(const std::filesystem::path& folder) {
  return Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// Whether another open file keeps `kind` of lock from this one, which has it from now on else.
bool is_kept_from(const Descriptor& folder, int kind) {
  return ::flock(folder.number(), kind | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

std::optional<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  Descriptor opened = open_folder(folder);
  check(opened.number() >= 0, "{}: {}", folder.string(), std::strerror(errno));
  if (is_kept_from(opened, LOCK_EX)) {
    return std::nullopt;
  }
  return FolderLock(std::move(opened));
}

bool FolderLock::is_held(const std::filesystem::path& folder) {
  const Descriptor opened = open_folder(folder);
  return opened.number() >= 0 && is_kept_from(opened, LOCK_SH);
}

}  // namespace wavenet
