#include "wavenet/data/text/text.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "tests/folder.h"
#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

std::u32string parsed(std::string_view bytes) { return parse_text(bytes, "book.txt").characters; }
std::string problem_with(std::string_view bytes) {
  return problem_of([&] { parse_text(bytes, "book.txt"); });
}

TEST(Text, KeepsEveryCharacter) {
  EXPECT_EQ(parsed("To be,\n\n\tor  not \xC3\xA9\n"), U"To be,\n\n\tor  not é\n");
  EXPECT_EQ(parsed("no newline at the end"), U"no newline at the end");
  EXPECT_EQ(parsed("\n"), U"\n");
  EXPECT_EQ(parse_text("a", "book.txt").source, "book.txt");
}

TEST(Text, SkipsAByteOrderMarkAtTheStart) {
  EXPECT_EQ(parsed("\xEF\xBB\xBFto be"), U"to be");
  EXPECT_EQ(parsed("to \xEF\xBB\xBF"
                   "be"),
            U"to \uFEFFbe");
}

TEST(Text, MakesCarriageReturnAndNewlineOneNewline) {
  EXPECT_EQ(parsed("a\r\n\r\nb\r\n"), U"a\n\nb\n");
  EXPECT_EQ(parsed("a\r\nb\r"), U"a\nb");
}

TEST(Text, NamesTheLineOfAControlCharacter) {
  const std::string end = "; is this a text file?";
  EXPECT_EQ(problem_with(std::string_view("\0a", 2)),
            "book.txt: line 1 holds the control character U+0000" + end);
  EXPECT_EQ(problem_with("to\r\nbe\n\nor \x1b[1m\n"),
            "book.txt: line 4 holds the control character U+001B" + end);
  EXPECT_EQ(problem_with("a\rb"), "book.txt: line 1 holds the control character U+000D" + end);
  EXPECT_EQ(problem_with("a\n\r\r\n"), "book.txt: line 2 holds the control character U+000D" + end);
  EXPECT_EQ(problem_with("a\nb\x7f"), "book.txt: line 2 holds the control character U+007F" + end);
  EXPECT_EQ(problem_with("\xC2\x85"), "book.txt: line 1 holds the control character U+0085" + end);
}

TEST(Text, NamesTheLineOfBytesThatAreNotUtf8) {
  EXPECT_EQ(problem_with("to be\nor \xff not").rfind("book.txt: line 2: not UTF-8 at byte", 0), 0U);
  EXPECT_EQ(problem_with("\n\n\xC3\n").rfind("book.txt: line 3: not UTF-8 at byte", 0), 0U);
}

TEST(Text, IsNotEmpty) {
  EXPECT_EQ(problem_with(""), "book.txt: no text in it");
  EXPECT_EQ(problem_with("\xEF\xBB\xBF"), "book.txt: no text in it");
}

TEST(Text, HasTheFingerprintOfItsCharacters) {
  // FNV-1a of "foobar", from the specification's table.
  EXPECT_EQ(parse_text("foobar", "a").fingerprint, "85944171f73967e8");
  EXPECT_EQ(parse_text("\xEF\xBB\xBF"
                       "to\r\nbe",
                       "a")
                .fingerprint,
            parse_text("to\nbe", "b").fingerprint);
  EXPECT_NE(parse_text("to\nbe", "a").fingerprint, parse_text("to\nbe\n", "a").fingerprint);
}

TEST(Text, IsReadFromAFile) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("wavenet-text-{}", ::getpid());
  std::ofstream(path, std::ios::binary) << "to\r\nbe";
  const Text text = read_text(path.string());
  std::filesystem::remove(path);
  EXPECT_EQ(text.characters, U"to\nbe");
  EXPECT_EQ(text.source, path.string());
  EXPECT_EQ(problem_of([&] { read_text(path.string()); }), path.string() + ": no such file");
}

TEST(TextSplit, JudgesByTheEnd) {
  const Text text = parse_text("0123456789abcdefghi", "book.txt");
  const auto val = [&](double share) { return split_text(text, share).val; };
  EXPECT_EQ(split_text(text, 0.1).train, U"0123456789abcdefgh");  // 1.9 is rounded down
  EXPECT_EQ(val(0.1), U"i");
  EXPECT_EQ(val(0.5), U"abcdefghi");
  EXPECT_EQ(val(0.99), U"123456789abcdefghi");
  for (const double share : {0.06, 0.3, 0.7}) {
    const TextSplit split = split_text(text, share);
    EXPECT_EQ(split.train + split.val, text.characters);
  }
}

TEST(TextSplit, LeavesNoPartEmpty) {
  const Text text = parse_text("123456789", "book.txt");
  EXPECT_EQ(problem_of([&] { split_text(text, 0.1); }),
            "book.txt: 9 characters; a share of 0.1 leaves a part empty");
  EXPECT_EQ(problem_of([&] { split_text(text, 1); }),
            "book.txt: 9 characters; a share of 1 leaves a part empty");
  for (const double share : {0.0, -0.5, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(problem_of([&] { split_text(text, share); }), "none") << share;
  }
}

}  // namespace
}  // namespace wavenet::data
