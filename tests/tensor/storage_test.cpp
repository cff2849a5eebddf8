// What the allocator of tensors counts, keeps and gives back.
#include "wavenet/tensor/storage.h"

#include <gtest/gtest.h>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

TEST(Storage, CountsNothingThatItDidNotGet) {
  const StorageStatistics before = storage_statistics();
  EXPECT_THROW(Storage::allocate(std::int64_t{1} << 56), Error);
  const StorageStatistics after = storage_statistics();
  EXPECT_EQ(after.bytes_live, before.bytes_live);
  EXPECT_EQ(after.system_allocations, before.system_allocations);
}

TEST(Storage, GivesTheSameBlockAgain) {
  constexpr std::int64_t kBytes = 123'456;
  std::shared_ptr<Storage> first = Storage::allocate(kBytes);
  const void* block = first->data();
  const std::int64_t asked = storage_statistics().system_allocations;
  first.reset();
  std::shared_ptr<Storage> second = Storage::allocate(kBytes - 10);  // rounded to the same size
  EXPECT_EQ(second->data(), block);
  EXPECT_EQ(storage_statistics().system_allocations, asked);
}

TEST(Storage, GivesWaitingBlocksBack) {
  const std::int64_t live = storage_statistics().bytes_live;
  std::vector<std::shared_ptr<Storage>> blocks;
  for (std::int64_t i = 1; i <= 50; ++i) {
    blocks.push_back(Storage::allocate(i * 1000));
  }
  const std::shared_ptr<Storage> kept = blocks[7];
  std::fill_n(static_cast<char*>(kept->data()), 8000, 'x');
  blocks.clear();
  EXPECT_GT(storage_statistics().bytes_waiting, 49 * 50 / 2 * 1000);
  release_waiting_storage();
  EXPECT_EQ(storage_statistics().bytes_waiting, 0);
  EXPECT_GT(storage_statistics().bytes_live, live);
  EXPECT_EQ(static_cast<char*>(kept->data())[7999], 'x');
  EXPECT_NE(Storage::allocate(1000), nullptr);
}

}  // namespace
