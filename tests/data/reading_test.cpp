#include "wavenet/data/text/reading.h"

#include "tests/folder.h"
#include "wavenet/data/text/split.h"

namespace wavenet::data {
namespace {

using List = std::vector<std::u32string>;

class ReadingTest : public InFolder {
 protected:
  Reading read(const std::string& format, const std::string& bytes,
               const std::u32string& characters) {
    std::ofstream(folder_ / "new.txt", std::ios::binary) << bytes;
    const Config recipe = Config::parse("{\"data\": {\"format\": \"" + format + "\"}}", "recipe");
    return {read_source(recipe, (folder_ / "new.txt").string()),
            Vocabulary::from_characters(characters)};
  }
};

using ReadingOfWords = ReadingTest;
using ReadingOfText = ReadingTest;

TEST_F(ReadingOfWords, TakesAllInTheirOrder) {
  const Part all = read("lines", "ba\nab\n\nba\n", U"ab").part("all", 42);
  EXPECT_EQ(all.words, (List{U"ba", U"ab", U"ba"}));
  EXPECT_EQ(all.sequences, (std::vector<Sequence>{{2, 1, 0}, {1, 2, 0}, {2, 1, 0}}));
}

TEST_F(ReadingOfWords, OneWordIsEnoughForAll) {
  const Reading one = read("lines", "ab", U"ab");
  EXPECT_EQ(one.part("all", 42).words, List{U"ab"});
  EXPECT_EQ(problem_of([&] { one.part("val", 42); }).rfind(one.source().name() + ": 1 word; ", 0),
            0U);
}

TEST_F(ReadingOfWords, HasThePartsOfTheSplit) {
  const std::string lines = "a\nb\nab\nba\naa\nbb\naba\nbab\nabb\nbaa\n";
  const Split split = split_words(parse_words(lines, ""), 7);
  const Reading reading = read("lines", lines, U"ab");
  for (const char* part : {"train", "val", "test"}) {
    EXPECT_EQ(reading.part(part, 7).words, split.part(part)) << part;
  }
  EXPECT_EQ(problem_of([&] { reading.part("every", 7); }),
            "split: 'every' is none of train, val, test");
}

TEST_F(ReadingOfWords, LeavesOutWordsThatItCannotEncode) {
  const Reading reading = read("lines", "ab\nzoé\n\nba\nabz\n", U"ab");
  EXPECT_EQ(reading.part("all", 42).words, (List{U"ab", U"ba"}));
  ASSERT_EQ(reading.left_out().size(), 2U);
  EXPECT_EQ(reading.left_out()[0].number, 2U);
  EXPECT_EQ(reading.left_out()[0].text, "zoé");
  EXPECT_EQ(reading.left_out()[0].characters, U"ozé");
  EXPECT_EQ(reading.left_out()[1].number, 5U);
  EXPECT_EQ(unknown_characters(reading.left_out()), U"ozé");
}

// The others stay in the parts where they are without it.
TEST_F(ReadingOfWords, LeavesTheSplitAsItIs) {
  const std::string lines = "a\nb\nab\nba\naa\nbb\naba\nbab\nabb\nbaa\n";
  const Reading whole = read("lines", lines, U"ab");
  const Reading some = read("lines", lines + "\n", U"a");
  for (const char* part : {"train", "val", "test"}) {
    List expected = whole.part(part, 3).words;
    std::erase_if(expected,
                  [](const std::u32string& word) { return word.find(U'b') != word.npos; });
    if (expected.empty()) {
      EXPECT_NE(problem_of([&] { some.part(part, 3); }), "none");
    } else {
      EXPECT_EQ(some.part(part, 3).words, expected) << part;
    }
  }
}

TEST_F(ReadingOfWords, SaysWhenNothingIsLeft) {
  const Reading reading = read("lines", "xy\nzx\n", U"ab");
  EXPECT_EQ(problem_of([&] { reading.part("all", 42); }),
            reading.source().name() +
                ": nothing is left of all: the model has no token for 'x' 'y' 'z'; the known "
                "characters are 'a' 'b'");
}

TEST_F(ReadingOfText, TakesAllOfIt) {
  const Reading reading = read("text", "ab\nba", U"\nab");
  EXPECT_EQ(reading.part("all", 42).sequences, (std::vector<Sequence>{{2, 3, 1, 3, 2}}));
  EXPECT_TRUE(reading.part("all", 42).words.empty());
  EXPECT_EQ(read("text", "a", U"a").part("all", 42).sequences, (std::vector<Sequence>{{1}}));
}

TEST_F(ReadingOfText, HasThePartsOfTheSplit) {
  const Reading reading = read("text", "abbaabbaab", U"ab");
  EXPECT_EQ(reading.part("train", 0).sequences,
            (std::vector<Sequence>{{1, 2, 2, 1, 1, 2, 2, 1, 1}}));
  EXPECT_EQ(reading.part("val", 0).sequences, (std::vector<Sequence>{{2}}));
  EXPECT_EQ(problem_of([&] { reading.part("test", 0); }),
            "split: running text has the parts train and val, not test");
}

TEST_F(ReadingOfText, BeginsAnewAfterLinesThatItLeavesOut) {
  const Reading reading = read("text", "xa\nab\nba\naxy\nz\nb\n\na", U"\nab");
  EXPECT_EQ(reading.part("all", 42).sequences,
            (std::vector<Sequence>{{2, 3, 1, 3, 2, 1}, {3, 1, 1, 2}}));
  ASSERT_EQ(reading.left_out().size(), 3U);
  EXPECT_EQ(reading.left_out()[0].number, 1U);
  EXPECT_EQ(reading.left_out()[1].number, 4U);
  EXPECT_EQ(reading.left_out()[1].text, "axy");
  EXPECT_EQ(reading.left_out()[1].characters, U"xy");
  EXPECT_EQ(reading.left_out()[2].number, 5U);
}

}  // namespace
}  // namespace wavenet::data
