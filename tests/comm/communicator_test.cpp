#include "wavenet/comm/communicator.h"

#include <gtest/gtest.h>

#include <vector>

#include "wavenet/base/rng.h"

namespace wavenet::comm {
namespace {

std::vector<float> numbers(std::size_t count) {
  Rng rng(3);
  std::vector<float> all(count);
  for (float& x : all) {
    x = rng.uniform_float() - 0.5F;
  }
  return all;
}

float summed(std::vector<float> parts) {
  sum_by_tree(parts, [](float& to, float from) { to += from; });
  return parts.empty() ? 0 : parts[0];
}

TEST(SumByTree, AddsNeighboursFirst) {
  EXPECT_EQ(summed({1e8F, 1, -1e8F, 1}), (1e8F + 1) + (-1e8F + 1));
  EXPECT_EQ(summed({1, 2, 3}), 6);
  EXPECT_EQ(summed({7}), 7);
}

// A block is a subtree, so whoever adds it the bits are the same.
TEST(SumByTree, HasTheSameBitsInAnyNumberOfBlocks) {
  for (std::size_t count = 1; count <= 33; ++count) {
    const std::vector<float> all = numbers(count);
    const float whole = summed(all);
    for (int size = 1; size <= 9; ++size) {
      std::vector<float> sums;
      std::int64_t covered = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Block block = block_of(static_cast<std::int64_t>(count), rank, size);
        EXPECT_EQ(block.first, covered);
        covered = block.last;
        sums.push_back(summed({all.begin() + block.first, all.begin() + block.last}));
      }
      EXPECT_EQ(covered, static_cast<std::int64_t>(count));
      EXPECT_EQ(summed(sums), whole) << count << " in " << size;
    }
  }
}

TEST(Communicator, AloneIsTheFirstOfOne) {
  EXPECT_EQ(alone().rank(), 0);
  EXPECT_EQ(alone().size(), 1);
  EXPECT_EQ(alone().sum(2.5), 2.5);
  std::vector<float> values{1, 2};
  alone().sum(values);
  EXPECT_EQ(values, (std::vector<float>{1, 2}));
  EXPECT_EQ(block_of(5, alone()).last, 5);
}

}  // namespace
}  // namespace wavenet::comm
