#include "wavenet/base/mt19937.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

TEST(Mt19937, AgreesWithTheStandardLibraryAcrossManyTwists) {
  for (std::uint32_t seed : {0U, 42U, 5489U, 0xffffffffU}) {
    std::mt19937 expected(seed);
    Mt19937 twister(seed);
    for (int i = 0; i < 3000; ++i) {
      ASSERT_EQ(twister.next(), expected()) << "seed " << seed << ", word " << i;
    }
  }
}

TEST(Mt19937, SeedsByArrayAsPublished) {
  // The first numbers of mt19937ar.out, which its authors publish with the algorithm.
  const std::vector<std::uint32_t> key{0x123, 0x234, 0x345, 0x456};
  Mt19937 twister = Mt19937::from_array(key);
  for (std::uint32_t expected : {1067595299U, 955945823U, 477289528U, 4107218783U, 4228976476U,
                                 3344332714U, 3355579695U, 227628506U, 810200273U, 2591290167U}) {
    EXPECT_EQ(twister.next(), expected);
  }
}

TEST(Mt19937, SeedsByAnArrayLongerThanItsState) {
  std::vector<std::uint32_t> key(700, 7);
  Mt19937 twister = Mt19937::from_array(key);
  key.back() = 8;
  EXPECT_NE(twister.next(), Mt19937::from_array(key).next());
}

TEST(Mt19937, RefusesAnEmptyKey) { EXPECT_THROW(Mt19937::from_array({}), Error); }

TEST(Mt19937, ContinuesFromASavedState) {
  for (int drawn : {0, 1, 623, 624, 625, 2000}) {
    Mt19937 twister(42);
    for (int i = 0; i < drawn; ++i) {
      twister.next();
    }
    Mt19937 restored(1);
    restored.set_state(twister.state());
    for (int i = 0; i < 1000; ++i) {
      ASSERT_EQ(restored.next(), twister.next()) << "after " << drawn;
    }
  }
}

TEST(Mt19937, RefusesAStateWhosePositionIsOutside) {
  Mt19937 twister(42);
  Mt19937::State state = twister.state();
  state.back() = 625;
  EXPECT_THROW(twister.set_state(state), Error);
}

}  // namespace
}  // namespace wavenet
