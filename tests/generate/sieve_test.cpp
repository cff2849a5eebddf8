// Which words a sieve keeps, what it counts, and when one gives up.
#include "wavenet/generate/sieve.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

using wavenet::generate::Sieve;
using WordList = std::vector<std::string>;

WordList kept(Sieve& sieve, const WordList& words) {
  WordList all;
  for (const std::string& word : words) {
    if (sieve.keeps(word)) {
      all.push_back(word);
    }
  }
  return all;
}

const WordList kDrawn{"emma", "ava", "emma", "", "zoë", "ava", "", "emma"};
const std::unordered_set<std::string> kKnown{"ava", "mia"};

TEST(Sieve, WithNothingAskedForKeepsAll) {
  Sieve sieve({});
  EXPECT_EQ(kept(sieve, kDrawn), kDrawn);
  EXPECT_EQ(sieve.left_out().known + sieve.left_out().repeats, 0);
  EXPECT_EQ(sieve.most_draws(7), 7);
}

TEST(Sieve, KeepsTheFirstOfEqualWords) {
  Sieve sieve({.unique = true});
  EXPECT_EQ(kept(sieve, kDrawn), (WordList{"emma", "ava", "", "zoë"}));
  EXPECT_EQ(sieve.left_out().repeats, 4);
  EXPECT_EQ(sieve.left_out().known, 0);
  EXPECT_EQ(sieve.most_draws(8), 1800);
}

TEST(Sieve, KeepsNoKnownWordAndOthersAsOftenAsTheyCome) {
  Sieve sieve({.known = &kKnown});
  EXPECT_EQ(kept(sieve, kDrawn), (WordList{"emma", "emma", "", "zoë", "", "emma"}));
  EXPECT_EQ(sieve.left_out().known, 2);
  EXPECT_EQ(sieve.left_out().repeats, 0);
  EXPECT_EQ(sieve.most_draws(1), 1100);
}

TEST(Sieve, AKnownWordIsNoRepeat) {
  Sieve sieve({.unique = true, .known = &kKnown});
  EXPECT_EQ(kept(sieve, kDrawn), (WordList{"emma", "", "zoë"}));
  EXPECT_EQ(sieve.left_out().known, 2);
  EXPECT_EQ(sieve.left_out().repeats, 3);
}

}  // namespace
