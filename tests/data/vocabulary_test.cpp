#include "wavenet/data/text/vocabulary.h"

#include <gtest/gtest.h>

#include "tests/folder.h"
#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

using Tokens = std::vector<std::int32_t>;

TEST(Vocabulary, NumbersSortedCharactersFromOne) {
  const Vocabulary vocabulary({U"zoë", U"oz"});
  EXPECT_EQ(vocabulary.characters(), U"ozë");
  EXPECT_EQ(vocabulary.size(), 4);
  EXPECT_EQ(vocabulary.encode(U"zoë"), (Tokens{2, 1, 3}));
  EXPECT_TRUE(vocabulary.encode(U"").empty());
}

TEST(Vocabulary, GivesADotATokenOfItsOwn) {
  const Vocabulary vocabulary({U"a.b"});
  EXPECT_EQ(vocabulary.encode(U"."), Tokens{1});
  EXPECT_NE(vocabulary.encode(U".")[0], Vocabulary::kEnd);
}

TEST(Vocabulary, DecodesToUtf8) {
  const Vocabulary vocabulary({U"zoë"});
  EXPECT_EQ(vocabulary.decode(vocabulary.encode(U"ëoz")), "ëoz");
  EXPECT_EQ(vocabulary.decode({}), "");
}

TEST(Vocabulary, RefusesTokensOutsideItsRange) {
  const Vocabulary vocabulary({U"abc"});
  for (std::int32_t token : {0, -1, 4, 2'000'000'000}) {
    EXPECT_EQ(problem_of([&] {
                vocabulary.decode(Tokens{1, token});
              }),
              fmt::format("vocabulary: token {} is outside 1 to 3", token));
  }
}

TEST(Vocabulary, NamesAnUnknownCharacterAndTheKnownOnes) {
  const Vocabulary vocabulary({U"ab"});
  EXPECT_EQ(problem_of([&] { vocabulary.encode(U"aé"); }),
            "vocabulary: no token for 'é'; the known characters are 'a' 'b'");
  EXPECT_EQ(problem_of([&] { vocabulary.encode(U"\a"); }),
            "vocabulary: no token for U+0007; the known characters are 'a' 'b'");
}

TEST(Vocabulary, NamesAllUnknownCharacters) {
  const Vocabulary vocabulary({U"ab"});
  EXPECT_EQ(vocabulary.unknown_in(U"zaézb"), U"zé");
  EXPECT_EQ(vocabulary.unknown_in(U"abba"), U"");
  EXPECT_EQ(problem_of([&] { vocabulary.encode(U"zaézb"); }),
            "vocabulary: no token for 'z' 'é'; the known characters are 'a' 'b'");
  EXPECT_EQ(listing(U"ab\a", 2), "'a' 'b' and 1 more");
  EXPECT_EQ(listing(U"ab\a", kEveryOne), "'a' 'b' U+0007");
}

TEST(Vocabulary, ListsAtMost40KnownCharacters) {
  std::u32string many;
  for (char32_t c = 0x4E00; c < 0x4E00 + 43; ++c) {
    many.push_back(c);
  }
  const std::string problem = problem_of([&] { Vocabulary({many}).encode(U"a"); });
  EXPECT_TRUE(problem.ends_with(" and 3 more")) << problem;
}

TEST(Vocabulary, ComesBackFromItsCharacters) {
  const Vocabulary vocabulary({U"zoë"});
  const Vocabulary again = Vocabulary::from_characters(vocabulary.characters());
  EXPECT_EQ(again.characters(), vocabulary.characters());
  EXPECT_EQ(again.encode(U"zoë"), vocabulary.encode(U"zoë"));
}

TEST(Vocabulary, RefusesCharactersThatAreNotSortedOnce) {
  EXPECT_EQ(problem_of([] { Vocabulary::from_characters(U"acb"); }),
            "vocabulary: characters must be sorted and each stand once, yet 'b' follows 'c'");
  EXPECT_EQ(problem_of([] { Vocabulary::from_characters(U"aab"); }),
            "vocabulary: characters must be sorted and each stand once, yet 'a' follows 'a'");
  EXPECT_THROW(Vocabulary::from_characters(U""), Error);
  EXPECT_THROW(Vocabulary::from_characters({U'a', char32_t{0xD800}}), Error);
  EXPECT_THROW(Vocabulary(std::vector<std::u32string>()), Error);
}

}  // namespace
}  // namespace wavenet::data
