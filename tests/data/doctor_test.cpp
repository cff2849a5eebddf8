#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/doctor/diagnosis.h"
#include "wavenet/data/text.h"

namespace wavenet::data {
namespace {

using Ranges = std::vector<Places::Range>;

// `count` different words of letters, one a line.
std::string word_list(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t rest = i + 26; rest > 0; rest /= 26) {
      lines += static_cast<char>('a' + (rest * 7 + 3) % 26);
    }
    lines += "a\n";
  }
  return lines;
}

// The list with `text` as one more line at `line`, counted from 1.
std::string with_line(std::string list, std::size_t line, const std::string& text) {
  std::size_t at = 0;
  for (std::size_t i = 1; i < line; ++i) {
    at = list.find('\n', at) + 1;
  }
  return list.insert(at, text + "\n");
}

Diagnosis of(const std::string& bytes, DoctorOptions options = {}) {
  return diagnose(bytes, "words.txt", options);
}

const Finding& only(const Diagnosis& diagnosis, const std::string& rule) {
  static const Finding none{};
  const auto is_it = [&](const Finding& finding) { return finding.rule == rule; };
  EXPECT_EQ(std::count_if(diagnosis.findings.begin(), diagnosis.findings.end(), is_it), 1) << rule;
  const auto found = std::find_if(diagnosis.findings.begin(), diagnosis.findings.end(), is_it);
  return found == diagnosis.findings.end() ? none : *found;
}

void expect_found(const std::string& bytes, const std::string& rule, Severity severity,
                  const Ranges& lines) {
  const Diagnosis diagnosis = of(bytes);
  const Finding& finding = only(diagnosis, rule);
  EXPECT_EQ(finding.severity, severity) << rule;
  EXPECT_EQ(finding.where.ranges(), lines) << rule << ": " << finding.where.text();
  EXPECT_FALSE(finding.advice.empty());
}

bool grave(const Diagnosis& diagnosis) {
  return diagnosis.has(Severity::error) || diagnosis.has(Severity::warning);
}

TEST(Places, KeepTheFirstRangesAndCountTheRest) {
  Places places;
  EXPECT_EQ(places.text(), "");
  places.add(7);
  places.add(7);
  EXPECT_EQ(places.text(), "line 7");
  places.add_range(8, 9);
  places.add(20);
  EXPECT_EQ(places.text(), "lines 7-9, 20");
  for (std::size_t line = 30; line < 50; line += 2) {
    places.add(line);
  }
  places.add(49);
  EXPECT_EQ(places.lines(), 15U);
  EXPECT_EQ(places.text(), "lines 7-9, 20, 30, 32, 34, 36 and 7 more");
}

TEST(Doctor, APlainListHasNothingGrave) {
  const Diagnosis diagnosis = of(word_list(2000));
  EXPECT_TRUE(diagnosis.findings.empty()) << diagnosis.findings.front().what;
  EXPECT_EQ(diagnosis.lines, 2000U);
  EXPECT_EQ(diagnosis.different, 2000U);
  EXPECT_EQ(diagnosis.alphabet.size(), 26U);
  EXPECT_EQ(diagnosis.parts->train, 1600U);
  EXPECT_EQ(diagnosis.parts->val_seen, 0U);
}

TEST(Doctor, CountsLinesWordsCharactersAndLengths) {
  const Diagnosis diagnosis = of("emma\n\n ava \nemma\n  \nzoë\nbo\nal");
  EXPECT_EQ(diagnosis.lines, 8U);
  EXPECT_EQ(diagnosis.blank, 2U);
  EXPECT_EQ(diagnosis.different, 5U);
  EXPECT_EQ(diagnosis.characters, 4 + 3 + 4 + 3 + 2 + 2);
  EXPECT_EQ(diagnosis.lengths, (std::map<std::size_t, std::size_t>{{2, 2}, {3, 2}, {4, 2}}));
  EXPECT_EQ(diagnosis.alphabet[0].character, U'a');
  EXPECT_EQ(diagnosis.alphabet[0].count, 5);
}

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

// Old systems end lines by CR alone.
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

// iconv takes the whole file back, so it is advised only where that harms no line.
TEST(Doctor, ConvertsBackOnlyWhatIsDecodedTwice) {
  const std::string list = with_line(word_list(50), 3, "zoÃ«");
  EXPECT_EQ(only(of(list), "decoded twice").command,
            "iconv -f UTF-8 -t ISO-8859-1 words.txt > fixed.txt");
  EXPECT_EQ(only(of(with_line(list, 9, "zoë")), "decoded twice").command, "");
  EXPECT_EQ(only(of(with_line(list, 9, "zoÃ«ë")), "decoded twice").command, "");
}

TEST(Doctor, AdvisesNoDedupThatLeavesNoList) {
  std::string list;
  for (int i = 0; i < 2000; ++i) {
    list += "emma\n";
  }
  for (const char* rule : {"duplicates", "leak"}) {
    EXPECT_EQ(only(of(list), rule).advice, "give more different words") << rule;
  }
}

TEST(Doctor, NamesSeveralPastedBlocksAtOnce) {
  const std::string list = word_list(300);
  const auto lines = [&](std::size_t from, std::size_t to) {
    std::istringstream stream(list);
    std::string text;
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      text += number >= from && number <= to ? line + "\n" : "";
    }
    return text;
  };
  const Diagnosis found = of(list + lines(11, 40) + lines(101, 120));
  const Finding& finding = only(found, "pasted twice");
  EXPECT_EQ(finding.what, "2 blocks of lines repeat earlier ones");
  EXPECT_EQ(finding.details[1], "lines 331-350 repeat lines 101-120, 20 lines in the same order");
  EXPECT_EQ(finding.command, "sed '301,330d;331,350d' words.txt > fixed.txt");
  EXPECT_EQ(finding.where.ranges(), (Ranges{{11, 40}, {101, 120}, {301, 350}}));
}

TEST(Doctor, NamesControlCharacters) {
  expect_found(with_line(word_list(50), 5, std::string("a\0b", 3)), "control characters",
               Severity::error, {{5, 5}});
  expect_found(with_line(word_list(50), 6, "an\rna"), "lone carriage returns", Severity::error,
               {{6, 6}});
}

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

// Which column holds the words, and whether there are several of them in a line.
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

// A command must not part what belongs together, nor take a word for a title.
TEST(Doctor, GivesNoCommandThatWouldThrowWordsAway) {
  const auto each = [](const std::string& before, const std::string& after) {
    std::istringstream stream(word_list(60));
    std::string text;
    for (std::string word; std::getline(stream, word);) {
      text += before + word + after + "\n";
    }
    return text;
  };
  for (const std::string& list :
       {each("\"", ", jr\",5"), each("tom &amp; ", ";5"), with_line(word_list(60), 9, "smith, jr"),
        with_line(word_list(60), 9, "apollo 11"), with_line(word_list(60), 9, "anna\tbob")}) {
    EXPECT_EQ(only(of(list), "columns").command, "") << list.substr(0, 40);
  }
  for (const char* first : {"zara,N/A", "zara,<5", "zara,"}) {
    EXPECT_EQ(only(of(std::string(first) + "\n" + each("", ",7")), "columns").command,
              "cut -d ',' -f 1 words.txt > fixed.txt")
        << first;
  }
  EXPECT_EQ(only(of("mary ann\n" + each("", " 7")), "columns").command.rfind("sed ", 0), 0U);
  EXPECT_EQ(only(of("name births\n" + each("", " 7")), "columns").command.rfind("tail ", 0), 0U);
}

// What iconv would harm, or would stop at, is not given to it.
TEST(Doctor, ConvertsOnlyWhatIsOfOneEncoding) {
  const std::string latin = with_line(word_list(50), 9, "andr\xE9");
  EXPECT_NE(only(of(latin), "not UTF-8").command, "");
  EXPECT_EQ(only(of(with_line(latin, 20, "zoë")), "not UTF-8").command, "");
  EXPECT_EQ(only(of(with_line(latin, 20, "ma\x81ia")), "not UTF-8").command, "");
  const std::string twice = with_line(word_list(50), 9, "Ã‰mile");
  EXPECT_EQ(only(of(with_line(twice, 20, "Ã\xC2\x81gota")), "decoded twice").command, "");
}

// Quotes, bullets, commas: what most lines begin or end with is seldom a part of words.
TEST(Doctor, NamesTheSignsAroundTheWords) {
  const auto each = [](const std::string& before, const std::string& after) {
    std::istringstream stream(word_list(60));
    std::string text;
    for (std::string word; std::getline(stream, word);) {
      text += before + word + after + "\n";
    }
    return text;
  };
  expect_found(each("- ", ""), "same sign", Severity::warning, {{1, 60}});
  expect_found(each("", ","), "same sign", Severity::warning, {{1, 60}});
  EXPECT_EQ(only(of(each("- ", "")), "same sign").what, "60 of 60 lines begin with '-'");
  EXPECT_EQ(only(of(each("", "]")), "same sign").command,
            "sed -E 's/[[:space:]]*\\][[:space:]]*$//' words.txt > fixed.txt");
  expect_found(each("1.", ""), "digits", Severity::warning, {{1, 60}});
  EXPECT_FALSE(grave(of(each("o'", ""))));
}

TEST(Doctor, NamesHtmlEntities) {
  expect_found(with_line(word_list(50), 7, "o&#39;hara"), "HTML entities", Severity::warning,
               {{7, 7}});
  EXPECT_FALSE(grave(of(with_line(word_list(50), 7, "r&d"))));
}

// By Latin-1 or by code page 1252; natural words have no such pairs.
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

// Vowel signs, joiners and the forms of emoji are no accents apart from their letters.
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

TEST(Doctor, AWordManyTimesInSuccessionIsNoPaste) {
  std::string list = word_list(200);
  for (int i = 0; i < 12; ++i) {
    list += "zara\n";
  }
  EXPECT_FALSE(grave(of(list)));
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

TEST(Doctor, NamesBothPlacesOfAPastedBlock) {
  // Lines 11 to 40 again, after line 200.
  const std::string list = word_list(300);
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t after = 0;
  for (std::size_t i = 0, line = 1; i < list.size(); ++i) {
    if (list[i] == '\n') {
      from = line == 10 ? i + 1 : from;
      to = line == 40 ? i + 1 : to;
      after = line == 200 ? i + 1 : after;
      ++line;
    }
  }
  std::string pasted = list;
  pasted.insert(after, list.substr(from, to - from));
  expect_found(pasted, "pasted twice", Severity::warning, {{11, 40}, {201, 230}});
  const Finding finding = only(of(pasted), "pasted twice");
  EXPECT_EQ(finding.what, "lines 201-230 repeat lines 11-40, 30 lines in the same order");
  EXPECT_EQ(only(of(list + list), "pasted twice").where.ranges(), (Ranges{{1, 600}}));
}

// A play has the same short speeches at several places; that is none of a paste.
TEST(Doctor, AShortSpeechOfATextIsNoPaste) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += "This is the line of number " + std::to_string(i * i) + ".\n";
  }
  const std::string speech = "KING:\nCatesby!\n\nCATESBY:\nMy lord?\n\nKING:\n";
  const DoctorOptions options{.format = Format::text, .receptive_field = 20, .piece = 50};
  EXPECT_FALSE(grave(of(speech + text + speech, options)));
  EXPECT_EQ(only(of(text + text, options), "pasted twice").where.ranges(), (Ranges{{1, 600}}));
}

TEST(Doctor, RepetitionByChanceIsNoPaste) {
  // Ten words in an order without a pattern: runs of five repeat all the time.
  std::string list;
  std::uint64_t state = 1;
  for (int i = 0; i < 5000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    list += std::string(1, static_cast<char>('a' + (state >> 33U) % 10)) + "\n";
  }
  const Diagnosis diagnosis = of(list);
  EXPECT_TRUE(std::none_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                           [](const Finding& finding) { return finding.rule == "pasted twice"; }));
  EXPECT_EQ(only(diagnosis, "duplicates").where.lines(), 4990U);
}

TEST(Doctor, DuplicatesAndTheLeakAreNotes) {
  const std::string list = with_line(with_line(word_list(2000), 3, "emma"), 500, "emma");
  expect_found(list, "duplicates", Severity::note, {{500, 500}});
  EXPECT_FALSE(grave(of(list)));
  // Every word of val stands in train when each word is there many times.
  std::string often;
  for (int i = 0; i < 40; ++i) {
    often += word_list(20 + static_cast<std::size_t>(i) % 3);
  }
  EXPECT_EQ(only(of(often), "leak").severity, Severity::warning);
}

TEST(Doctor, SaysWhatTheContextIsTooShortFor) {
  const Diagnosis diagnosis = of("abcdefgh\nabcdefghi\nab\nabc\nad\nae\n", {.receptive_field = 8});
  EXPECT_EQ(only(diagnosis, "context")
                .what.rfind("1 of 6 words (16.7 %) are longer than the 8 "
                            "characters",
                            0),
            0U)
      << only(diagnosis, "context").what;
}

TEST(Doctor, NamesLongLines) {
  expect_found(with_line(word_list(50), 12, std::string(1001, 'a')), "too long", Severity::error,
               {{12, 12}});
  expect_found(with_line(word_list(50), 12, std::string(200, 'a')), "long lines", Severity::warning,
               {{12, 12}});
}

TEST(Doctor, ReadsTextAsItsRecipeDoes) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "To be, or not to be: that is question " + std::to_string(i * i) +
            "\n\n\tor is that the question?\n";
  }
  const DoctorOptions options{.format = Format::text, .receptive_field = 20, .piece = 50};
  EXPECT_FALSE(grave(of(text, options)));
  const Diagnosis as_list = of(text);  // all lines have five words or more
  EXPECT_EQ(only(as_list, "running text").severity, Severity::warning);
  const Diagnosis shorter = of(text.substr(0, 60), options);
  EXPECT_EQ(only(shorter, "too little data").severity, Severity::error);
}

bool loader_refuses(const std::string& file, Format format) {
  try {
    if (format == Format::lines) {
      split_words(parse_words(file, "words.txt"), 42);
    } else {
      split_text(parse_text(file, "words.txt"), 0.1);
    }
  } catch (const Error&) {
    return true;
  }
  return false;
}

void expect_same_as_loader(const std::string& file) {
  for (const Format format : {Format::lines, Format::text}) {
    EXPECT_EQ(of(file, {.format = format}).has(Severity::error), loader_refuses(file, format))
        << testing::PrintToString(file.substr(0, 80)) << (format == Format::text ? " text" : "");
  }
}

// The errors are what the loader refuses, no more and no less.
TEST(Doctor, ErrorsAreWhatTheLoaderRefuses) {
  const std::string list = word_list(30);
  for (const std::string& file : std::vector<std::string>{
           "", "\n\n", "emma\n", "a\nb\nc\nd\ne\n", list, "\r\n\r\n", list + list,
           "\xEF\xBB\xBF" + list, with_line(list, 4, std::string("a\0", 2)),
           with_line(list, 4, std::string(1000, 'x')),
           with_line(list, 4, std::string(1001, 'x'))}) {
    expect_same_as_loader(file);
  }
  for (const char* line :
       {"emma\r", "emma\r\r", "em\rma", "emma\t", "em\tma", "\x01", " \x7F ", "\xC2\x85", "\xC3",
        "\xED\xA0\x80", "\xEF\xBF\xBD", "emma,1", "  ", "\xEF\xBB\xBF", "\t\t", "a\tb\tc"}) {
    expect_same_as_loader(with_line(list, 4, line));
  }
}

TEST(Doctor, ErrorsAreWhatTheLoaderRefusesInAnyOrderOfBytes) {
  const std::vector<std::string> pieces{"a",
                                        "b",
                                        "e",
                                        "\n",
                                        "\n",
                                        "\n",
                                        " ",
                                        ",",
                                        "1",
                                        "\r",
                                        "\t",
                                        "\xC3",
                                        "\xA9",
                                        "\xEF\xBB\xBF",
                                        std::string(1, '\0')};
  std::uint64_t state = 5;
  for (int file = 0; file < 3000; ++file) {
    // Few kinds of pieces in most files, so that many of them load.
    std::string bytes;
    const std::size_t kinds = 6 + static_cast<std::size_t>(file) % (pieces.size() - 5);
    for (int i = 0; i < 40; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      bytes += pieces[(state >> 33U) % kinds];
    }
    expect_same_as_loader(bytes);
  }
}

}  // namespace
}  // namespace wavenet::data
