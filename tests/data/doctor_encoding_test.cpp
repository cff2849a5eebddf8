// What the doctor finds in bytes and characters.
#include "tests/data/doctor.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {
namespace {

TEST(Doctor, NamesTheFewLinesWithTheOtherEnd) {
  expect_found(with_line(word_list(50), 20, "anna\r"), "mixed line endings", Severity::warning,
               {{20, 20}});
  std::string windows;
  for (const char c : word_list(50)) {
    windows += c == '\n' ? "\r\n" : std::string(1, c);
  }
  expect_found(with_line(windows, 20, "anna"), "mixed line endings", Severity::warning, {{20, 20}});
  expect_found(windows, "CRLF line endings", Severity::note, {});
}

TEST(Doctor, NamesLinesThatAreNotUtf8) {
  const std::string list = with_line(word_list(50), 31, "  zo\xEB");
  expect_found(list, "not UTF-8", Severity::error, {{31, 31}});
  const std::string what = only(of(list), "not UTF-8").what;
  EXPECT_NE(what.find("line 31: not UTF-8 at byte offset 4"), what.npos) << what;
  expect_found(
      "\xFF\xFE"
      "e\0m\0",
      "UTF-16", Severity::error, {});
  expect_found(std::string("e\0m\0m\0a\0\n\0", 10), "binary", Severity::error, {});
}

TEST(Doctor, NamesOtherKindsOfFiles) {
  const std::string zeros(20, '\0');
  for (const auto& [begin, rule] :
       std::vector<std::pair<std::string, std::string>>{{std::string("\xFF\xFE\0\0", 4), "UTF-32"},
                                                        {std::string("\0\0\xFE\xFF", 4), "UTF-32"},
                                                        {"\xFE\xFF", "UTF-16"},
                                                        {"\x1F\x8B\x08", "gzip"},
                                                        {"PK\x03\x04", "zip"},
                                                        {"BZh91AY&SY", "bzip2"}}) {
    expect_found(begin + zeros, rule, Severity::error, {});
    EXPECT_NE(only(of(begin + zeros), rule).command.find(" words.txt > fixed.txt"),
              std::string::npos);
  }
  expect_found("BZhang\n" + word_list(50) + "\x01", "control characters", Severity::error,
               {{52, 52}});
}

TEST(Doctor, NamesLoneCarriageReturns) {
  std::string list = word_list(50);
  std::replace(list.begin(), list.end(), '\n', '\r');
  expect_found(list, "lone carriage returns", Severity::error, {{1, 1}});
  const Diagnosis found = of(list);
  for (const Finding& finding : found.findings) {
    EXPECT_NE(finding.rule, "CRLF line endings");
  }
}

TEST(Doctor, CountsDifferentCharacters) {
  std::string many;
  for (char32_t c = 0x10000; c < 0x10000 + Vocabulary::kMaxCharacters; ++c) {
    many += encode_utf8(c) + "\n";
  }
  EXPECT_FALSE(of(many).has(Severity::error));
  expect_found(many + "a\n", "too many characters", Severity::error, {});
  EXPECT_EQ(only(of(many, {.format = Format::text}), "too many characters").severity,
            Severity::error);  // with the line feed
}

TEST(Doctor, ConvertsBackOnlyWhatIsDecodedTwice) {
  const std::string list = with_line(word_list(50), 3, "zoÃ«");
  EXPECT_EQ(only(of(list), "decoded twice").command,
            "iconv -f UTF-8 -t ISO-8859-1 words.txt > fixed.txt");
  EXPECT_EQ(only(of(with_line(list, 9, "zoë")), "decoded twice").command, "");
  EXPECT_EQ(only(of(with_line(list, 9, "zoÃ«ë")), "decoded twice").command, "");
}

TEST(Doctor, NamesControlCharacters) {
  expect_found(with_line(word_list(50), 5, std::string("a\0b", 3)), "control characters",
               Severity::error, {{5, 5}});
  expect_found(with_line(word_list(50), 6, "an\rna"), "lone carriage returns", Severity::error,
               {{6, 6}});
}

TEST(Doctor, ConvertsOnlyWhatIsOfOneEncoding) {
  const std::string latin = with_line(word_list(50), 9, "andr\xE9");
  EXPECT_NE(only(of(latin), "not UTF-8").command, "");
  EXPECT_EQ(only(of(with_line(latin, 20, "zoë")), "not UTF-8").command, "");
  EXPECT_EQ(only(of(with_line(latin, 20, "ma\x81ia")), "not UTF-8").command, "");
  const std::string twice = with_line(word_list(50), 9, "Ã‰mile");
  EXPECT_EQ(only(of(with_line(twice, 20, "Ã\xC2\x81gota")), "decoded twice").command, "");
}

TEST(Doctor, NamesWhatWasDecodedTwice) {
  for (const char* word : {"zoÃ«", "Ã‰mile", "oâ€™neil", "Ð¸Ð²Ð°Ð½"}) {
    expect_found(with_line(word_list(50), 3, word), "decoded twice", Severity::warning, {{3, 3}});
  }
  EXPECT_EQ(only(of(with_line(word_list(50), 3, "Ã‰mile")), "decoded twice").command,
            "iconv -f UTF-8 -t WINDOWS-1252 words.txt > fixed.txt");
  for (const char* word : {"zoë", "Ångström", "naïve", "Þórður", "señor", "l’été", "MÍŠA", "KŘÍŽ",
                           "«CAFÉ»", "NÃO", "Äänekoski"}) {
    EXPECT_FALSE(grave(of(with_line(word_list(50), 3, word)))) << word;
  }
}

TEST(Doctor, MarksAreNormalInManyScripts) {
  for (const char* word :
       {"हिन्दी", "नमस्ते", "שָׁלוֹם", "عَرَبِي", "می‌شود", "ไทย", "👨‍👩‍👧", "❤️"}) {
    std::string list;
    for (int i = 0; i < 30; ++i) {
      list += word + std::string("\n");
    }
    for (const Finding& finding : of(list).findings) {
      EXPECT_NE(finding.rule, "odd characters") << word;
    }
  }
  expect_found(with_line(word_list(50), 3, "zoe\xCC\x88"), "odd characters", Severity::warning,
               {{3, 3}});
}

TEST(Doctor, NamesOddCharacters) {
  const std::string list = word_list(50);
  expect_found(with_line(list, 3, "em\xC2\xA0ma"), "odd characters", Severity::warning, {{3, 3}});
  expect_found(with_line(list, 3, "em\xE2\x80\x8Bma"), "odd characters", Severity::warning,
               {{3, 3}});
  expect_found(with_line(list, 3,
                         "\xEF\xBB\xBF"
                         "emma"),
               "odd characters", Severity::warning, {{3, 3}});
  expect_found(with_line(list, 3, "emm4"), "digits", Severity::warning, {{3, 3}});
  expect_found(with_line(list, 3, "zoÃ«"), "decoded twice", Severity::warning, {{3, 3}});
  expect_found(with_line(list, 3, "Emma"), "capitals", Severity::note, {{3, 3}});
  EXPECT_FALSE(grave(of("\xEF\xBB\xBF" + list)));  // a mark at the start is skipped
}

TEST(Doctor, NamesLettersOfAnotherScript) {
  // The Cyrillic letter in the middle looks like an e.
  const std::string list = with_line(word_list(50), 40, "\xD0\xB5mma");
  expect_found(list, "another script", Severity::warning, {{40, 40}});
  const Finding finding = only(of(list), "another script");
  ASSERT_EQ(finding.details.size(), 1U);
  EXPECT_EQ(finding.details[0],
            "U+0435 'е', Cyrillic letter, looks like Latin 'e': once (line 40)");
  EXPECT_FALSE(grave(of(with_line(word_list(50), 3, "zoë"))));  // é, ë, ß are Latin
}

TEST(Doctor, NamesRareCharacters) {
  const Diagnosis diagnosis = of(with_line(word_list(1000), 7, "o'hara"));
  EXPECT_EQ(only(diagnosis, "rare characters").details,
            (std::vector<std::string>{"U+0027 ''', punctuation or symbol: once (line 7)"}));
}

}  // namespace
}  // namespace wavenet::data
