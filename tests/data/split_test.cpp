#include "wavenet/data/text/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "wavenet/base/check.h"
#include "wavenet/data/text/sequences.h"

namespace wavenet::data {
namespace {

using List = std::vector<std::u32string>;

Words numbered_words(std::size_t n) {
  Words words{"names.txt", {}, ""};
  for (std::size_t i = 0; i < n; ++i) {
    words.words.push_back({static_cast<char32_t>(0x4E00 + i)});
  }
  return words;
}

TEST(Split, ShufflesAndCutsTheEmbeddedNamesAsPythonDoes) {
  // random.seed(42); random.shuffle(w); w[:4], w[-2:], int(0.8*len(w)), int(0.9*len(w)), where w is
  // the first column of data/ssa-2018.csv below its header
  const Split split = split_words(embedded_names(), 42);
  ASSERT_EQ(split.train.size(), 25805U);
  ASSERT_EQ(split.val.size(), 29031U - 25805U);
  ASSERT_EQ(split.test.size(), 32257U - 29031U);
  EXPECT_EQ(List(split.train.begin(), split.train.begin() + 4),
            (List{U"anaiza", U"julyen", U"lyberty", U"dalen"}));
  EXPECT_EQ(List(split.test.end() - 2, split.test.end()), (List{U"mirha", U"caidyn"}));
}

TEST(Split, ShufflesTheArticlesNamesAsPublished) {
  const std::string path = WAVENET_SOURCE "/../shared/data/names.txt";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no ../shared/data/names.txt";
  }
  const Words words = read_words(path);
  const Split split = split_words(words, 42);
  EXPECT_EQ(List(split.train.begin(), split.train.begin() + 4),
            (List{U"yuheng", U"diondre", U"xavien", U"jori"}));
  const Vocabulary vocabulary(words.words);
  const auto examples = [&](const List& part) {
    return token_count(sequences_of(part, vocabulary));
  };
  EXPECT_EQ(examples(split.train), 182'625);
  EXPECT_EQ(examples(split.val), 22'655);
  EXPECT_EQ(examples(split.test), 22'866);
}

TEST(Split, KeepsEveryWordOnce) {
  const Words words = numbered_words(103);
  const Split split = split_words(words, 7);
  List all;
  for (const List* part : {&split.train, &split.val, &split.test}) {
    all.insert(all.end(), part->begin(), part->end());
  }
  EXPECT_NE(all, words.words);  // shuffled
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, words.words);
}

TEST(Split, DependsOnTheSeedAlone) {
  const Words words = numbered_words(50);
  EXPECT_EQ(split_words(words, 1).train, split_words(words, 1).train);
  EXPECT_NE(split_words(words, 1).train, split_words(words, 2).train);
}

TEST(Split, LeavesNoPartEmptyFromSixWordsOn) {
  for (std::size_t n = 6; n < 200; ++n) {
    const Split split = split_words(numbered_words(n), 42);
    EXPECT_FALSE(split.train.empty() || split.val.empty() || split.test.empty()) << n;
  }
}

TEST(Split, RefusesFewerWords) {
  for (std::size_t n = 0; n < 6; ++n) {
    try {
      split_words(numbered_words(n), 42);
      ADD_FAILURE() << n;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()),
                fmt::format("names.txt: {} word{}; a split into 80 % train, 10 % val and 10 % test "
                            "needs at least 6",
                            n, n == 1 ? "" : "s"));
    }
  }
}

TEST(Split, FindsPartsByName) {
  const Split split{{U"a"}, {U"b"}, {U"c"}};
  EXPECT_EQ(&split.part("train"), &split.train);
  EXPECT_EQ(&split.part("val"), &split.val);
  EXPECT_EQ(&split.part("test"), &split.test);
  try {
    split.part("tran");
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "split: 'tran' is none of train, val, test; did you mean 'train'?");
  }
}

}  // namespace
}  // namespace wavenet::data
