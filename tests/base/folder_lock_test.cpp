// A folder's lock, against the other open files of one process, which the system treats as those of
// another process.
#include "wavenet/base/folder_lock.h"

#include <gtest/gtest.h>

#include "tests/folder.h"

namespace wavenet {
namespace {

using Lock = InFolder;

TEST_F(Lock, OneAtATimeHasIt) {
  EXPECT_FALSE(FolderLock::is_held(folder_));
  {
    const std::optional<FolderLock> first = FolderLock::take(folder_);
    EXPECT_TRUE(first.has_value());
    EXPECT_TRUE(FolderLock::is_held(folder_));
    EXPECT_FALSE(FolderLock::take(folder_).has_value());
  }
  EXPECT_FALSE(FolderLock::is_held(folder_));
  EXPECT_TRUE(FolderLock::take(folder_).has_value());
}

TEST_F(Lock, NeedsAFolder) {
  EXPECT_THROW(FolderLock::take(folder_ / "none"), Error);
  EXPECT_FALSE(FolderLock::is_held(folder_ / "none"));
}

}  // namespace
}  // namespace wavenet
