#include "wavenet/data/text/words.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "wavenet/base/check.h"
#include "wavenet/data/text/source.h"

namespace wavenet::data {
namespace {

using List = std::vector<std::u32string>;

List words_of(std::string_view text) { return parse_words(text, "names.txt").words; }

std::string text_problem_of(std::string_view text) {
  try {
    parse_words(text, "names.txt");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Words, ReadsOneWordALine) {
  const Words words = parse_words("emma\nzoë\n", "names.txt");
  EXPECT_EQ(words.words, (List{U"emma", U"zoë"}));
  EXPECT_EQ(words.source, "names.txt");
}

TEST(Words, SkipsBlankLinesAndCarriageReturns) {
  EXPECT_EQ(words_of("\n\r\nemma\r\n\n  \t\r\nolivia"), (List{U"emma", U"olivia"}));
}

TEST(Words, KnowsTheLineOfEachWord) {
  const Words words = parse_words("\nemma\n\n  \r\nava\nemma\nmia", "names.txt");
  EXPECT_EQ(words.lines, (std::vector<std::size_t>{2, 5, 6, 7}));
  EXPECT_EQ(deduplicated(words).lines, (std::vector<std::size_t>{2, 5, 7}));
}

TEST(Words, SkipsAByteOrderMarkAtTheStart) {
  EXPECT_EQ(words_of("\xEF\xBB\xBF"
                     "emma\n"),
            List{U"emma"});
}

TEST(Words, DropsBlanksAroundAWordAndKeepsThoseInside) {
  EXPECT_EQ(words_of(" \temma \t\r\nvan gogh \n"), (List{U"emma", U"van gogh"}));
}

TEST(Words, RefusesAFileWithoutWords) {
  for (std::string_view text : {"", "\n", " \r\n\t\n", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(text_problem_of(text), "names.txt: no words in it");
  }
}

TEST(Words, NamesTheLineOfAControlCharacter) {
  EXPECT_EQ(text_problem_of(std::string_view("\0emma", 5)),
            "names.txt: line 1 holds the control character U+0000; is this a text file?");
  EXPECT_EQ(text_problem_of("emma\nol\tivia"),
            "names.txt: line 2 holds the control character U+0009; is this a text file?");
  EXPECT_EQ(text_problem_of("emma\rolivia"),
            "names.txt: line 1 holds the control character U+000D; is this a text file?");
  EXPECT_EQ(text_problem_of("em\x7Fma"),
            "names.txt: line 1 holds the control character U+007F; is this a text file?");
  EXPECT_EQ(text_problem_of("\nem\xC2\x85ma"),
            "names.txt: line 2 holds the control character U+0085; is this a text file?");
}

TEST(Words, NamesLineAndByteOfWhatIsNotUtf8) {
  EXPECT_EQ(text_problem_of("emma\n zo\xEB\n"),
            "names.txt: line 2: not UTF-8 at byte offset 3: the character is truncated");
}

TEST(Words, RefusesALineThatIsNoWordWithoutShowingIt) {
  EXPECT_EQ(words_of(std::string(1000, 'x'))[0].size(), 1000U);
  EXPECT_EQ(text_problem_of("emma\n" + std::string(1001, 'x')),
            "names.txt: line 2 has 1001 characters, at most 1000 are allowed; a word list has one "
            "word a line");
  std::string accents;
  for (int i = 0; i < 1000; ++i) {
    accents += "é";
  }
  EXPECT_EQ(words_of(accents)[0].size(), 1000U);  // characters count, not bytes
  EXPECT_EQ(text_problem_of(std::string(10'000'000, 'x')),
            "names.txt: line 1 has 10000000 characters, at most 1000 are allowed; a word list has "
            "one word a line");
  EXPECT_LT(text_problem_of(std::string(10'000'000, '\x80')).size(), 200U);
}

TEST(Words, FingerprintsTheWordsAndTheirOrder) {
  const std::string expected = parse_words("emma\nolivia\n", "a").fingerprint;
  EXPECT_EQ(expected.size(), 16U);
  EXPECT_EQ(parse_words("\xEF\xBB\xBF"
                        "emma \r\n\r\nolivia",
                        "b")
                .fingerprint,
            expected);
  EXPECT_NE(parse_words("olivia\nemma\n", "a").fingerprint, expected);
  EXPECT_NE(parse_words("emmao\nlivia\n", "a").fingerprint, expected);
}

TEST(Words, ReadsAFile) {
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("wavenet-words-{}.txt", ::getpid());
  std::ofstream(path) << "emma\nolivia\n";
  const Words words = read_words(path.string());
  std::filesystem::remove(path);
  EXPECT_EQ(words.words, (List{U"emma", U"olivia"}));
  EXPECT_EQ(words.source, path.string());
  EXPECT_THROW(read_words(path.string()), Error);  // it is gone
}

TEST(Words, MayBeReadByTheCaller) {
  const Config lines = Config::parse(R"({"data": {"format": "lines"}})", "recipe");
  const Source source = read_source(lines, File::of_bytes("stdin", "emma\nolivia"));
  EXPECT_EQ(std::get<Words>(source.content).words.size(), 2U);
  EXPECT_EQ(source.name(), "stdin");
}

TEST(Words, HasAnEmbeddedList) {
  const Words words = embedded_names();
  EXPECT_EQ(words.words.size(), 32257U);
  EXPECT_EQ(words.words.front(), U"emma");
  EXPECT_EQ(words.source, "the embedded names");
}

TEST(Words, KeepsTheFirstOfEqualWords) {
  const Words words = deduplicated(parse_words("emma\nzoë\nemma\nada\nzoë\nemm\n", "a"));
  EXPECT_EQ(words.words, (List{U"emma", U"zoë", U"ada", U"emm"}));
  EXPECT_EQ(words.source, "a");
  EXPECT_EQ(words.fingerprint, parse_words("emma\nzoë\nada\nemm\n", "b").fingerprint);
  EXPECT_EQ(deduplicated(words).fingerprint, words.fingerprint);
}

TEST(Words, CountsTheDifferentEmbeddedNames) {
  EXPECT_EQ(deduplicated(embedded_names()).words.size(), 29693U);  // len(set(w)) in Python
}

}  // namespace
}  // namespace wavenet::data
