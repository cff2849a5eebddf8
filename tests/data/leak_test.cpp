#include "wavenet/data/text/leak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "wavenet/data/text/split.h"
#include "wavenet/data/text/words.h"

namespace wavenet::data {
namespace {

std::ptrdiff_t count_seen(const std::vector<std::u32string>& words,
                          const std::vector<std::u32string>& train) {
  const std::vector<bool> seen = seen_in(words, train);
  return std::count(seen.begin(), seen.end(), true);
}

TEST(Leak, MarksEachWordThatStandsInTheOther) {
  EXPECT_EQ(seen_in({U"ada", U"eve", U"zoë", U"ada"}, {U"zoë", U"ada", U"ev"}),
            (std::vector<bool>{true, false, true, true}));
  EXPECT_EQ(seen_in({}, {U"ada"}), std::vector<bool>{});
  EXPECT_EQ(seen_in({U"ada"}, {}), std::vector<bool>{false});
}

TEST(Leak, CountsTheEmbeddedNames) {
  // In Python: sum(w in set(train) for w in val), after the split of split_test.cpp
  const Split split = split_words(embedded_names(), 42);
  EXPECT_EQ(count_seen(split.val, split.train), 408);  // of 3226
  EXPECT_EQ(count_seen(split.test, split.train), 406);
}

TEST(Leak, IsGoneWithoutTheDuplicates) {
  const Split split = split_words(deduplicated(embedded_names()), 42);
  EXPECT_EQ(count_seen(split.val, split.train), 0);
  EXPECT_EQ(count_seen(split.test, split.train), 0);
}

TEST(Leak, CountsTheArticlesNames) {
  const std::string path = WAVENET_SOURCE "/../shared/data/names.txt";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is not there";
  }
  const Split split = split_words(read_words(path), 42);
  EXPECT_EQ(split.val.size(), 3203U);
  EXPECT_EQ(count_seen(split.val, split.train), 424);  // 13 %
  EXPECT_EQ(count_seen(split.test, split.train), 377);
}

}  // namespace
}  // namespace wavenet::data
