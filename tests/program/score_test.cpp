// wavenet score: the same text has the same value by argument and by standard input.
#include <gtest/gtest.h>

#include "tests/program/made_up.h"
#include "wavenet/base/shell.h"

namespace {

using program::expect_one_line;
using program::json;
using program::Result;
using program::spit;

class Scored : public testing::Test {
 protected:
  void train(const std::string& content, const std::string& flags) {
    spit(folder_ / "own.txt", content);
    const Result result = program::run(folder_, "train --quiet --data " + (folder_ / "own.txt") +
                                                    " --out " + (folder_ / "run") + " " + flags);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  Result by_argument(const std::string& texts, const std::string& flags = "--json") {
    return program::run(folder_, "score " + flags + " " + (folder_ / "run") + " -- " + texts);
  }
  Result by_line(const std::string& bytes, const std::string& flags = "--json") {
    spit(folder_ / "lines.txt", bytes);
    return program::run(
        folder_, "score " + flags + " " + (folder_ / "run") + " <" + (folder_ / "lines.txt"));
  }
  // Each alone by argument, then all as lines with ends of one kind.
  void expect_same_by_both_ways(const std::vector<std::string>& texts, const std::string& end) {
    std::string lines;
    for (const std::string& text : texts) {
      lines += text + end;
    }
    const std::vector<json> together = program::records_of(by_line(lines).out);
    ASSERT_EQ(together.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Result alone = by_argument(wavenet::shell_word(texts[i]));
      const std::vector<json> records = program::records_of(alone.out);
      ASSERT_EQ(records.size(), 1U) << texts[i];
      EXPECT_EQ(records[0]["text"], texts[i]);
      EXPECT_EQ(together[i]["text"], texts[i]);
      EXPECT_EQ(alone.code, records[0].contains("error") ? 1 : 0) << texts[i];
      if (records[0].contains("error")) {
        EXPECT_EQ(together[i]["error"],
                  "line " + std::to_string(i + 1) + ": " + records[0]["error"].get<std::string>());
      } else {
        EXPECT_EQ(together[i], records[0]);
      }
    }
  }
  program::Folder folder_;
};

const std::string kMarks = "[a,b] {x} \"q\" 'r' \\n %% #-- -x --json , ; <y> $HOME * ? ~ é 龍\n";

// Blanks and tabs wherever they may stand, what shells and parsers read otherwise, a long line,
// characters of two and three bytes, and what the model does not know.
std::vector<std::string> awkward() {
  return {"the cat",
          "  the cat ",
          " ",
          "the  cat",
          "\tthe\tcat\t",
          std::string(1599, 'a'),
          "[a,b]",
          "[]",
          "[",
          "{}",
          "%%",
          "-x",
          "--json",
          "--",
          "\"q\"",
          "'",
          "\\n",
          "#",
          "$HOME",
          "*",
          "a,b",
          "é",
          "e\u0301",
          "龍",
          "Ω",
          "the Ωmega",
          "not \xff utf-8"};
}

TEST_F(Scored, ATextIsTheSameByBothWays) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "the cat\tsat\n" + kMarks;
  }
  train(text, "--recipe mlp-3 --steps 50 --set data.format=text");
  for (const char* end : {"\n", "\r\n"}) {
    std::vector<std::string> texts = awkward();
    texts.erase(texts.end() - 1);  // bytes that are no UTF-8 come out of JSON as others
    expect_same_by_both_ways(texts, end);
  }
}

TEST_F(Scored, AWordIsTheSameByBothWays) {
  std::string list;
  for (int i = 0; i < 10; ++i) {
    list += "the cat\nsat\n" + kMarks;
  }
  train(list, "--recipe mlp-3 --steps 50");
  for (const char* end : {"\n", "\r\n"}) {
    std::vector<std::string> texts = awkward();
    texts.back() = "";  // a word too, which ends at once
    texts.push_back("sat");
    expect_same_by_both_ways(texts, end);
  }
}

class ScoredText : public Scored {
 protected:
  void SetUp() override {
    train(program::made_up_text(900), "--recipe mlp-3 --steps 100 --set data.format=text");
  }
};

TEST_F(ScoredText, EmptyLinesArePassedOver) {
  const Result result = by_line("to be\n\n\nor not\n\r\nthat is");
  EXPECT_EQ(result.code, 0) << result.err;
  std::vector<std::string> texts;
  for (const json& record : program::records_of(result.out)) {
    texts.push_back(record["text"]);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"to be", "or not", "that is"}));
  expect_one_line(by_line(""), 1, "stdin: no text in it");
  expect_one_line(by_line("\n\n"), 1, "stdin: no text in it");
}

// Longer than what is computed at once, and each character as far back as the model looks.
TEST_F(ScoredText, ALongTextIsScoredAsItsParts) {
  const std::string text = program::made_up_text(400).substr(0, 3000);
  std::string flat = text;
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  const auto losses = json::parse(by_line(flat + "\n").out)["losses"].get<std::vector<double>>();
  ASSERT_EQ(losses.size(), flat.size());
  for (std::size_t at = 5; at < flat.size(); at += 97) {  // the model sees three characters
    const auto some = json::parse(by_line(flat.substr(at - 4, 5) + "\n").out)["losses"]
                          .get<std::vector<double>>();
    EXPECT_NEAR(losses[at], some[4], 1e-5) << at;
  }
}

TEST_F(ScoredText, AByteOrderMarkIsNoText) {
  EXPECT_EQ(by_line("\xEF\xBB\xBFto be\n").out, by_line("to be\n").out);
}

TEST_F(ScoredText, ATextWithLineEndsIsShownOnOneLine) {
  const Result result = by_argument("'to be\nor not'", "");
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out;
  EXPECT_NE(result.out.find("  U+000A "), std::string::npos) << result.out;
}

TEST_F(ScoredText, AnUnknownCharacterEndsOnlyItsLine) {
  const std::string lines = "to be\nTo be\nor not\nö, Ö\nthat is\n";
  const Result shown = by_line(lines, "");
  EXPECT_EQ(shown.code, 1);
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 3) << shown.out;
  EXPECT_EQ(shown.err.rfind("wavenet: line 2 'To be': the model has no token for 'T'\n"
                            "wavenet: line 4 'ö, Ö': the model has no token for 'Ö' 'ö'\n"
                            "wavenet: score: 2 of 5 texts could not be scored; the model has no "
                            "token for 'T' 'Ö' 'ö'; the known characters are U+000A ' ' ','",
                            0),
            0U)
      << shown.err;
  const Result objects = by_line(lines);
  EXPECT_EQ(objects.code, 1);
  const std::vector<json> records = program::records_of(objects.out);
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[1], json::parse(R"({"text": "To be",
                                        "error": "line 2: the model has no token for 'T'"})"));
  EXPECT_EQ(records[4]["text"], "that is");
  EXPECT_EQ(std::count(objects.err.begin(), objects.err.end(), '\n'), 1) << objects.err;
}

TEST_F(ScoredText, OtherFaultsEndOnlyTheirLineToo) {
  const std::string lines = std::string("to be\nnul \0 here\nno \xff\xfe text\nor not\n", 35);
  const Result result = by_line(lines, "");
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2) << result.out;
  EXPECT_NE(result.err.find("line 2 'nul ? here': the model has no token for U+0000"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("line 3 'no ?? text': not UTF-8 at byte offset 3"), std::string::npos)
      << result.err;
}

TEST_F(ScoredText, OfArgumentsTheNumberIsTold) {
  const Result result = by_argument("'to be' 'To be' ''", "");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("text 2 'To be': the model has no token for 'T'"), std::string::npos);
  EXPECT_NE(result.err.find("text 3 '': no character to predict in an empty text"),
            std::string::npos);
  EXPECT_NE(result.err.find("2 of 3 texts could not be scored; "), std::string::npos);
}

}  // namespace
