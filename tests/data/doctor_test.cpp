// The doctor as a whole: counts, repeats, lengths, and that it refuses what the loader does.
#include "tests/data/doctor.h"

#include "wavenet/base/check.h"
#include "wavenet/data/text/text.h"

namespace wavenet::data {
namespace {

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

// Old systems end lines by CR alone.

// iconv takes the whole file back, so it is advised only where that harms no line.

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

// Which column holds the words, and whether there are several of them in a line.

// A command must not part what belongs together, nor take a word for a title.

// What iconv would harm, or would stop at, is not given to it.

// Quotes, bullets, commas: what most lines begin or end with is seldom a part of words.

// By Latin-1 or by code page 1252; natural words have no such pairs.

// Vowel signs, joiners and the forms of emoji are no accents apart from their letters.

TEST(Doctor, AWordManyTimesInSuccessionIsNoPaste) {
  std::string list = word_list(200);
  for (int i = 0; i < 12; ++i) {
    list += "zara\n";
  }
  EXPECT_FALSE(grave(of(list)));
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
