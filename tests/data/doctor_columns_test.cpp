// What the doctor finds beside the words of a list: numbers, tables, signs, entities.
#include "tests/data/doctor.h"

namespace wavenet::data {
namespace {

TEST(Doctor, NamesColumns) {
  expect_found(with_line(word_list(50), 9, "emma,19800"), "columns", Severity::warning, {{9, 9}});
  expect_found(with_line(word_list(50), 9, "emma 19800"), "columns", Severity::warning, {{9, 9}});
  expect_found(with_line(word_list(50), 9, "12. emma"), "columns", Severity::warning, {{9, 9}});
  expect_found(with_line(word_list(50), 9, "emma;F"), "columns", Severity::warning, {{9, 9}});
  expect_found(with_line(word_list(50), 9, "emma\tF"), "columns", Severity::error, {{9, 9}});
  // The digits of the column are not told again.
  const Diagnosis one = of(with_line(word_list(50), 9, "emma,19800"));
  EXPECT_TRUE(std::none_of(one.findings.begin(), one.findings.end(),
                           [](const Finding& finding) { return finding.rule == "digits"; }));
}

TEST(Doctor, ShowsAColumnInEveryLine) {
  std::string list;
  for (const char c : word_list(60)) {
    list += c == '\n' ? ",123\n" : std::string(1, c);
  }
  expect_found(list, "columns", Severity::warning, {{1, 60}});
  const std::string what = only(of(list), "columns").what;
  EXPECT_EQ(what.rfind("every line holds a number after a comma", 0), 0U) << what;
  const std::string titled = only(of("name,births\n" + list), "columns").what;
  EXPECT_NE(titled.find("as in line 2: "), titled.npos) << titled;
  EXPECT_NE(titled.find("line 1 seems to hold their titles"), titled.npos) << titled;
  EXPECT_EQ(only(of(list), "columns").command, "cut -d ',' -f 1 words.txt > fixed.txt");
}

TEST(Doctor, FindsTheWordsOfATable) {
  std::istringstream stream(word_list(60));
  std::string ranked;
  std::string sexes;
  std::string rows;
  int number = 0;
  for (std::string word; std::getline(stream, word); ++number) {
    ranked += std::to_string(number + 1) + "," + word + "," + std::to_string(900 - number) + "\n";
    sexes += std::string(number % 2 == 0 ? "F" : "M") + "," + word + "\n";
    rows += word + (number % 10 == 9 ? "\n" : ", ");
  }
  EXPECT_EQ(only(of(ranked), "columns")
                .what.rfind("every line holds 3 columns, parted by a comma, the words in column 2, "
                            "as in line 1: ",
                            0),
            0U);
  EXPECT_EQ(only(of(ranked), "columns").command, "cut -d ',' -f 2 words.txt > fixed.txt");
  EXPECT_EQ(only(of("rank,name,count\n" + ranked), "columns").command,
            "tail -n +2 words.txt | cut -d ',' -f 2 > fixed.txt");
  EXPECT_EQ(only(of(sexes), "columns").command, "cut -d ',' -f 2 words.txt > fixed.txt");
  EXPECT_EQ(only(of(rows), "several words")
                .what.rfind("every line holds several words, parted by a comma", 0),
            0U);
  EXPECT_EQ(only(of(rows), "several words").command, "tr ',' '\\n' < words.txt > fixed.txt");
}

TEST(Doctor, GivesNoCommandThatWouldThrowWordsAway) {
  for (const std::string& list :
       {each_word("\"", ", jr\",5"), each_word("tom &amp; ", ";5"),
        with_line(word_list(60), 9, "smith, jr"), with_line(word_list(60), 9, "apollo 11"),
        with_line(word_list(60), 9, "anna\tbob")}) {
    EXPECT_EQ(only(of(list), "columns").command, "") << list.substr(0, 40);
  }
  for (const char* first : {"zara,N/A", "zara,<5", "zara,"}) {
    EXPECT_EQ(only(of(std::string(first) + "\n" + each_word("", ",7")), "columns").command,
              "cut -d ',' -f 1 words.txt > fixed.txt")
        << first;
  }
  EXPECT_EQ(only(of("mary ann\n" + each_word("", " 7")), "columns").command.rfind("sed ", 0), 0U);
  EXPECT_EQ(only(of("name births\n" + each_word("", " 7")), "columns").command.rfind("tail ", 0),
            0U);
}

TEST(Doctor, NamesTheSignsAroundTheWords) {
  expect_found(each_word("- ", ""), "same sign", Severity::warning, {{1, 60}});
  expect_found(each_word("", ","), "same sign", Severity::warning, {{1, 60}});
  EXPECT_EQ(only(of(each_word("- ", "")), "same sign").what, "60 of 60 lines begin with '-'");
  EXPECT_EQ(only(of(each_word("", "]")), "same sign").command,
            "sed -E 's/[[:space:]]*\\][[:space:]]*$//' words.txt > fixed.txt");
  expect_found(each_word("1.", ""), "digits", Severity::warning, {{1, 60}});
  EXPECT_FALSE(grave(of(each_word("o'", ""))));
}

TEST(Doctor, NamesHtmlEntities) {
  expect_found(with_line(word_list(50), 7, "o&#39;hara"), "HTML entities", Severity::warning,
               {{7, 7}});
  EXPECT_FALSE(grave(of(with_line(word_list(50), 7, "r&d"))));
}

TEST(Doctor, FiveBlanksAreNotFiveWords) {
  std::string list;
  std::istringstream stream(word_list(60));
  for (std::string word; std::getline(stream, word);) {
    list += word + "          12\n";
  }
  const Diagnosis padded = of(list);
  EXPECT_EQ(only(padded, "columns").severity, Severity::warning);
  EXPECT_TRUE(std::none_of(padded.findings.begin(), padded.findings.end(),
                           [](const Finding& f) { return f.rule == "running text"; }));
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text +=
        "so it was, and it is, said one of them\n" + std::to_string(i) + " or so, they say it is\n";
  }
  const Diagnosis running = of(text);  // no columns, whatever its commas
  EXPECT_EQ(only(running, "running text").severity, Severity::warning);
  EXPECT_TRUE(std::none_of(running.findings.begin(), running.findings.end(),
                           [](const Finding& f) { return f.rule == "columns"; }));
}

}  // namespace
}  // namespace wavenet::data
