#include "wavenet/data/text/sequences.h"

#include <gtest/gtest.h>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

TEST(Sequences, AreTheTokensOfAWordAndTheEndMarker) {
  const std::vector<std::u32string> words{U"ab", U"b", U"c", U"cab"};
  EXPECT_EQ(sequences_of(words, Vocabulary(words)),
            (std::vector<Sequence>{{1, 2, 0}, {2, 0}, {3, 0}, {3, 1, 2, 0}}));
}

TEST(Sequences, NeedATokenForEveryCharacter) {
  EXPECT_THROW(sequences_of({U"abc"}, Vocabulary({U"ab"})), Error);
}

TEST(Sequences, CountTheirTokens) {
  EXPECT_EQ(token_count({}), 0);
  EXPECT_EQ(token_count({{}, {}}), 0);
  EXPECT_EQ(token_count({{1, 2, 0}, {0}, {}, {2, 0}}), 6);
}

}  // namespace
}  // namespace wavenet::data
