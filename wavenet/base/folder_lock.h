// FolderLock: says that a process works in a folder, so that a second one keeps away.
//
//   std::optional<FolderLock> lock = FolderLock::take("runs/a");   // none: another process has it
//   FolderLock::is_held("runs/a");                                 // does any, this one included?
//
// The system lets go of it when the process ends, however it ends, and no file is left. A file
// system that knows no locks lets everybody in. Left out: waiting for it.
#pragma once

#include <filesystem>
#include <optional>

#include "wavenet/base/descriptor.h"

namespace wavenet {

class FolderLock {
 public:
  // Throws Error where the folder cannot be opened.
  static std::optional<FolderLock> take(const std::filesystem::path& folder);
  static bool is_held(const std::filesystem::path& folder);

  // Whether `folder` is still the one that was locked: it may have been moved, and another made.
  bool is_of(const std::filesystem::path& folder) const;

 private:
  explicit FolderLock(Descriptor folder) : folder_(std::move(folder)) {}

  Descriptor folder_;
};

}  // namespace wavenet
