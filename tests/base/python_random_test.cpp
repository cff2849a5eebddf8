// The expected numbers were printed by CPython 3.11.
#include "wavenet/base/python_random.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

std::vector<std::uint32_t> three_words(std::uint64_t seed) {
  PythonRandom random(seed);
  std::vector<std::uint32_t> words(3);
  for (std::uint32_t& word : words) {
    word = random.getrandbits(32);
  }
  return words;
}

TEST(PythonRandom, SeedsAsCPythonDoes) {
  // random.seed(s); [random.getrandbits(32) for _ in range(3)]
  using Words = std::vector<std::uint32_t>;
  EXPECT_EQ(three_words(42), (Words{2746317213U, 478163327U, 107420369U}));
  EXPECT_EQ(three_words(0), (Words{3626764237U, 1654615998U, 3255389356U}));
  EXPECT_EQ(three_words((std::uint64_t{1} << 40) + 7),
            (Words{2635837658U, 3209733218U, 3500038837U}));
}

TEST(PythonRandom, TakesTheHighBitsOfAWord) {
  // random.seed(42); [random.getrandbits(32) for _ in range(3)]; [random.getrandbits(5) ...]
  PythonRandom random(42);
  for (int i = 0; i < 3; ++i) {
    random.getrandbits(32);
  }
  for (std::uint32_t expected : {23U, 8U, 7U, 7U, 4U}) {
    EXPECT_EQ(random.getrandbits(5), expected);
  }
  EXPECT_EQ(random.getrandbits(0), 0U);
  EXPECT_THROW(random.getrandbits(33), Error);
  EXPECT_THROW(random.getrandbits(-1), Error);
}

TEST(PythonRandom, RejectsDrawsBeyondTheBound) {
  // r = random.Random(42); [r._randbelow(100) for _ in range(5)]
  PythonRandom random(42);
  for (std::uint32_t expected : {81U, 14U, 3U, 94U, 35U}) {
    EXPECT_EQ(random.below(100), expected);
  }
  EXPECT_THROW(random.below(0), Error);
  EXPECT_THROW(random.below(std::uint64_t{1} << 32), Error);
}

TEST(PythonRandom, ShufflesAsCPythonDoes) {
  // random.seed(42); l = list(range(10)); random.shuffle(l); l
  std::vector<int> items(10);
  std::iota(items.begin(), items.end(), 0);
  PythonRandom(42).shuffle(items);
  EXPECT_EQ(items, (std::vector<int>{7, 3, 2, 8, 5, 6, 9, 4, 0, 1}));
}

TEST(PythonRandom, ShufflesNothingAndOne) {
  std::vector<int> none;
  std::vector<int> one{5};
  PythonRandom(42).shuffle(none);
  PythonRandom(42).shuffle(one);
  EXPECT_EQ(one, std::vector<int>{5});
}

}  // namespace
}  // namespace wavenet
