// wavenet doctor as a new user meets it: a word list with a mistake in it, and the program says
// what the mistake is and where.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/program/made_up.h"

namespace {

using nlohmann::json;
using program::Folder;
using program::Result;
using program::run;
using program::spit;

class Doctor : public testing::Test {
 protected:
  // A clean list: 900 words.
  static std::vector<std::string> words() {
    std::istringstream lines(program::made_up_words(900));
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) {
      all.push_back(line);
    }
    return all;
  }

  Result doctor(const std::string& text, const std::string& flags = "") {
    spit(folder_ / "words.txt", text);
    return run(folder_, "doctor " + (folder_ / "words.txt") + " " + flags);
  }

  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
      text += line + "\n";
    }
    return text;
  }

  // The program's findings that are no notes.
  json grave(const std::string& text, int code = 0) {
    const Result result = doctor(text, "--json");
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_EQ(result.err, "");
    json grave = json::array();
    const json record = json::parse(result.out);
    for (const json& finding : record.at("findings")) {
      if (finding["severity"] != "note") {
        grave.push_back(finding);
      }
    }
    return grave;
  }

  void expect_one(const json& findings, const std::string& rule, const json& lines) {
    ASSERT_EQ(findings.size(), 1U) << findings;
    EXPECT_EQ(findings[0]["rule"], rule);
    EXPECT_EQ(findings[0]["lines"], lines) << findings[0];
  }

  Folder folder_;
};

TEST_F(Doctor, WindowsLinesAmongOthers) {
  std::vector<std::string> lines = words();
  for (std::size_t line = 301; line <= 320; ++line) {
    lines[line - 1] += "\r";
  }
  expect_one(grave(joined(lines)), "mixed line endings", {{301, 320}});
  const Result result = doctor(joined(lines));
  EXPECT_NE(result.out.find("lines 301-320"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("CR LF"), std::string::npos) << result.out;
}

TEST_F(Doctor, AColumnOfCounts) {
  std::vector<std::string> lines = words();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i] += "," + std::to_string(20'000 - i);
  }
  expect_one(grave(joined(lines)), "columns", {{1, 900}});
  const Result result = doctor(joined(lines));
  EXPECT_NE(result.out.find("every line holds a number after a comma"), std::string::npos)
      << result.out;
}

TEST_F(Doctor, ABlockPastedTwice) {
  std::vector<std::string> lines = words();
  const std::vector<std::string> block(lines.begin() + 99, lines.begin() + 200);
  lines.insert(lines.begin() + 500, block.begin(), block.end());
  expect_one(grave(joined(lines)), "pasted twice", {{100, 200}, {501, 601}});
  const Result result = doctor(joined(lines));
  EXPECT_NE(result.out.find("lines 501-601 repeat lines 100-200"), std::string::npos) << result.out;
}

TEST_F(Doctor, OneLineOfAnotherScript) {
  std::vector<std::string> lines = words();
  lines.insert(lines.begin() + 776, "анна");
  expect_one(grave(joined(lines)), "another script", {{777, 777}});
  const Result result = doctor(joined(lines));
  EXPECT_NE(result.out.find("Cyrillic"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("line 777"), std::string::npos) << result.out;
}

// A command that wrote what it reads, by whatever name, would leave nothing.
TEST_F(Doctor, NoCommandWritesAFileThatIsThere) {
  std::vector<std::string> lines = words();
  lines[7] += "\r";
  const auto command = [&](const std::string& name) {
    const std::string in =
        "cd " + (folder_ / ".") + " && " WAVENET_PROGRAM " doctor --json " + name;
    EXPECT_EQ(std::system((in + " >" + (folder_ / "out.json")).c_str()), 0);
    const json record = json::parse(program::slurp(folder_ / "out.json"));
    return record.at("findings")[0].at("command").get<std::string>();
  };
  const std::string sed = "sed 's/\\r$//' ";
  spit(folder_ / "my words.txt", joined(lines));
  EXPECT_EQ(command("'my words.txt'"), sed + "'my words.txt' > fixed.txt");
  spit(folder_ / "-words.txt", joined(lines));
  EXPECT_EQ(command("-- -words.txt"), sed + "./-words.txt > fixed.txt");
  spit(folder_ / "fixed.txt", joined(lines));
  EXPECT_EQ(command("fixed.txt"), sed + "fixed.txt > fixed-2.txt");
  std::filesystem::create_symlink("fixed.txt", folder_ / "fixed-2.txt");
  EXPECT_EQ(command("fixed-2.txt"), sed + "fixed-2.txt > fixed-3.txt");
  EXPECT_EQ(command("- <fixed.txt"), "");
}

// Whoever trains at once is told as well.
TEST_F(Doctor, TrainingWarnsOfWhatIsGrave) {
  const std::string train = "train --recipe mlp-3 --steps 2 --overwrite --out " +
                            (folder_ / "run") + " --data " + (folder_ / "words.txt");
  spit(folder_ / "words.txt", joined(words()));
  EXPECT_EQ(run(folder_, train).err.find("warning"), std::string::npos);
  std::vector<std::string> lines = words();
  lines.insert(lines.begin() + 776, "анна");
  lines[299] += "\r";
  spit(folder_ / "words.txt", joined(lines));
  const std::string told = run(folder_, train).err;
  EXPECT_NE(told.find("warning: " + (folder_ / "words.txt") +
                      ": 1 line ends in CR LF, 900 in LF "
                      "alone; two files seem to be joined: line 300\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("1 line holds Cyrillic letters; most letters are Latin: line 777\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("`wavenet doctor " + (folder_ / "words.txt") + " --recipe mlp-3` says more"),
            std::string::npos);
  EXPECT_EQ(run(folder_, train + " --quiet").err, "");
}

// The command that the doctor gives makes a clean list again, run as it stands.
TEST_F(Doctor, TheCommandsMendTheFile) {
  const std::vector<std::string> clean = words();
  const auto every = [&](const std::string& before, const std::string& after) {
    std::vector<std::string> lines = clean;
    for (std::string& line : lines) {
      line = before + line + after;
    }
    return joined(lines);
  };
  std::vector<std::string> blocks = clean;
  blocks.insert(blocks.begin() + 500, clean.begin() + 99, clean.begin() + 200);
  blocks.insert(blocks.end(), clean.begin() + 300, clean.begin() + 350);
  std::vector<std::string> ends = clean;
  ends[7] += "\r";
  std::vector<std::string> entities = clean;
  entities[4].replace(0, 1, "&#" + std::to_string(int{entities[4][0]}) + ";");
  const std::string html = joined(entities);
  // The words in the middle of a table, and several in a line.
  const auto numbered = [&](const std::string& separator, std::size_t from) {
    std::string text;
    for (std::size_t i = 0; i < clean.size(); ++i) {
      text += std::to_string(i + from) + separator + clean[i] + separator +
              std::to_string(9000 - i) + "\n";
    }
    return text;
  };
  const auto rows = [&](const std::string& separator) {
    std::string text;
    for (std::size_t i = 0; i < clean.size(); ++i) {
      text += clean[i] + (i % 9 == 8 ? "\n" : separator);
    }
    return text;
  };
  struct Mistake {
    const char* rule;
    std::string text;
  };
  for (const Mistake& mistake :
       std::vector<Mistake>{{"columns", every("", ",19800")},
                            {"columns", every("", ",F,19800")},
                            {"columns", every("", "\t19800")},
                            {"columns", every("", " 19800")},
                            {"columns", every("", " 19800\r")},
                            {"columns", every("", " 1,234")},
                            {"columns", every("", ": 12")},
                            {"columns", every("", ", 1,234")},
                            {"columns", every("12% ", "")},
                            {"columns", "name births\n" + every("", " 3")},
                            {"columns", every("    7 ", "")},
                            {"columns", every("1,234 ", "")},
                            {"columns", every("12. ", "")},
                            {"columns", every("7,", "")},
                            {"columns", "id,name\n" + every("7,", "")},
                            {"columns", every("", ";0,5")},
                            {"columns", every("\"", "\",19800")},
                            {"columns", "name,births\n" + every("", ",3")},
                            {"columns", numbered(",", 1)},
                            {"columns", numbered("\t", 1)},
                            {"columns", "rank,name,count\n" + numbered(",", 1)},
                            {"columns", every("CA,F,1910,", ",295")},
                            {"several words", rows(",")},
                            {"same sign", every("- ", "")},
                            {"same sign", every("\u2022 ", "")},
                            {"same sign", every("", ",")},
                            {"same sign", every("<li>", "</li>")},
                            {"same sign", every("", "<br>")},
                            {"HTML entities", html},
                            {"pasted twice", joined(blocks)},
                            {"mixed line endings", joined(ends)}}) {
    const json findings = grave(mistake.text, mistake.text.find('\t') == std::string::npos ? 0 : 1);
    ASSERT_FALSE(findings.empty()) << mistake.rule;
    const json& finding = findings[0];
    EXPECT_EQ(finding["rule"], mistake.rule);
    const std::string command = finding["command"];
    // Nothing beyond what the smallest Debian holds.
    const std::set<std::string> tools{"cat", "cut", "head", "iconv", "sed", "sort", "tail", "tr"};
    const std::string piped = "| " + command;
    for (std::size_t at = piped.find("| "); at != piped.npos; at = piped.find(" | ", at + 1)) {
      const std::size_t first = piped.find_first_not_of("| ", at);
      EXPECT_TRUE(tools.contains(piped.substr(first, piped.find(' ', first) - first))) << command;
    }
    const std::string in = "cd " + (folder_ / ".") + " && " + command;
    EXPECT_EQ(std::system(in.c_str()), 0) << in;
    EXPECT_EQ(program::slurp(folder_ / "fixed.txt"), joined(clean)) << command;
  }
}

// Each is decoded once, as HTML has it; what is not known gets no command.
TEST_F(Doctor, EntitiesBecomeCharacters) {
  const auto command_for = [&](const std::string& word) -> std::string {
    std::vector<std::string> lines = words();
    lines[4] = word;
    for (const json& finding : grave(joined(lines))) {
      if (finding["rule"] == "HTML entities") {
        return finding.value("command", "");
      }
    }
    return "no such finding";
  };
  for (const auto& [word, mended] : std::vector<std::pair<std::string, std::string>>{
           {"o&#39;hara", "o'hara"},
           {"o&#x27;hara", "o'hara"},
           {"ren&eacute;e&ndash;zo&euml;", "ren\u00E9e\u2013zo\u00EB"},
           {"a&amp;lt;b&#38;gt;c&lt;d", "a&lt;b&gt;c<d"},
           {"a&nbsp;b&#47;c&#92;d", "a b/c\\d"}}) {
    const std::string command = command_for(word);
    EXPECT_EQ(std::system(("cd " + (folder_ / ".") + " && " + command).c_str()), 0) << command;
    std::vector<std::string> lines = words();
    lines[4] = mended;
    EXPECT_EQ(program::slurp(folder_ / "fixed.txt"), joined(lines)) << command;
  }
  for (const char* word : {"a&nosuch;b", "a&#xD800;b", "a&#7;b", "a&#1114112;b"}) {
    EXPECT_EQ(command_for(word), "") << word;
  }
  // The known ones are decoded all the same, and the others named.
  const std::string list = folder_ / "mixed.txt";
  std::vector<std::string> lines = words();
  lines[4] = "&Omega;&alpha;&nosuch;&ccaron;";
  spit(list, joined(lines));
  const Result told = program::run(folder_, "doctor " + list);
  EXPECT_NE(told.out.find("    - by hand: &ccaron;, &nosuch;\n"), std::string::npos) << told.out;
  const std::string command = command_for(lines[4]);
  EXPECT_EQ(std::system(("cd " + (folder_ / ".") + " && " + command).c_str()), 0) << command;
  lines[4] = "\u03A9\u03B1&nosuch;&ccaron;";
  EXPECT_EQ(program::slurp(folder_ / "fixed.txt"), joined(lines)) << command;
}

// What a refusal points to must say the same.
TEST_F(Doctor, AgreesWithTrainingOnEqualWords) {
  const std::string list = folder_ / "one.txt";
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "emma\n";
  }
  spit(list, text);
  const std::string train = "train --quiet --recipe mlp-3 --steps 2 --out " + (folder_ / "out");
  EXPECT_EQ(run(folder_, "doctor --recipe mlp-3 " + list).code, 0);
  EXPECT_EQ(run(folder_, train + " --data " + list).code, 0);
  const std::string pointer = "wavenet doctor " + list + " --recipe mlp-3 --dedup";
  program::expect_one_line(run(folder_, train + "-2 --dedup --data " + list), 1,
                           "see `" + pointer + "`");
  EXPECT_EQ(run(folder_, pointer.substr(pointer.find(' ') + 1)).code, 1);
  program::expect_one_line(run(folder_, train + "-2 --set data.dedup=true --data " + list), 1,
                           "--recipe mlp-3 --set data.dedup=true`");
  EXPECT_EQ(run(folder_, "doctor --recipe mlp-3 --set data.dedup=true " + list).code, 1);
  program::expect_one_line(run(folder_, "doctor --set data.dedpu=true " + list), 2, "data.dedpu");
}

// A short text trains in shorter pieces: of what the doctor says, one more would not fit.
TEST_F(Doctor, SaysWhichPieceAShortTextTakes) {
  const std::string file = folder_ / "short.txt";
  std::string text;
  while (text.size() < 400) {
    text += "so it was, and so it is. ";
  }
  spit(file, text);
  json small = program::small_wavenet();
  small["data"] = {{"format", "text"}, {"piece", 384}};
  spit(folder_ / "recipe.json", small.dump());
  const std::string recipe = " --recipe " + (folder_ / "recipe.json") + " --set data.piece=";
  const Result said = run(folder_, "doctor --json" + recipe + "384 " + file);
  EXPECT_EQ(said.code, 1) << said.err;
  const std::string advice = json::parse(said.out)["findings"][0]["do"];
  const std::string flag = "train with --set data.piece=";
  ASSERT_TRUE(advice.starts_with(flag)) << advice;
  const int piece = std::stoi(advice.substr(flag.size()));
  const auto code = [&](int length) {
    return run(folder_, "train --quiet --overwrite --steps 1 --data " + file + " --out " +
                            (folder_ / "text") + recipe + std::to_string(length))
        .code;
  };
  EXPECT_EQ(code(piece), 0);
  EXPECT_EQ(code(piece + 1), 1);
}

TEST_F(Doctor, WhatTrainingRefusesExitsWithOne) {
  std::vector<std::string> lines = words();
  lines[41] = "zo\xEB";  // Latin-1
  expect_one(grave(joined(lines), 1), "not UTF-8", {{42, 42}});
  const Result trained = run(
      folder_, "train --steps 2 --data " + (folder_ / "words.txt") + " --out " + (folder_ / "out"));
  program::expect_one_line(trained, 1, "see `wavenet doctor " + (folder_ / "words.txt") + "`");
}

TEST_F(Doctor, TheEmbeddedNamesAreFit) {
  for (const char* recipe : {"mlp-3", "tree-76k", "wavenet-names", "ngram-6", "wavenet-text"}) {
    const Result result = run(folder_, std::string("doctor --json --recipe ") + recipe);
    ASSERT_EQ(result.code, 0) << result.err;
    const json record = json::parse(result.out);
    EXPECT_EQ(record.at("lines"), 32'257);
    for (const json& finding : record.at("findings")) {
      EXPECT_EQ(finding["severity"], "note") << recipe << ": " << finding;
    }
  }
}

TEST_F(Doctor, ACleanListIsFit) {
  EXPECT_EQ(grave(joined(words())), json::array());
  EXPECT_NE(doctor(joined(words())).out.find("fit for training"), std::string::npos);
}

// 32,257 lines of which 29,693 are different, as `cut`, `sort -u` and `wc` count them in
// data/ssa-2018.csv.
TEST_F(Doctor, CountsTheEmbeddedNames) {
  const json record = json::parse(run(folder_, "doctor --json").out);
  EXPECT_EQ(record["lines"], 32'257);
  EXPECT_EQ(record["different"], 29'693);
  EXPECT_EQ(record["alphabet"].size(), 26U);
}

TEST_F(Doctor, FitsEightyColumns) {
  std::vector<std::string> lines = words();
  lines[3] = "анна,12";
  lines[4] = "an\xC2\xA0na";
  lines[5] = std::string(300, 'a');
  lines.insert(lines.end(), lines.begin(), lines.begin() + 100);
  spit(folder_ / "words.txt", joined(lines));
  const Result result = run(folder_, "doctor - <" + (folder_ / "words.txt"));
  EXPECT_EQ(result.code, 0) << result.err;
  std::istringstream out(result.out);
  for (std::string line; std::getline(out, line);) {
    // Bytes that start a character.
    const auto width = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    });
    EXPECT_LE(width, 80) << line;
  }
}

TEST_F(Doctor, NoSuchFileOrRecipe) {
  program::expect_one_line(run(folder_, "doctor " + (folder_ / "none.txt")), 1, "no such file");
  program::expect_one_line(run(folder_, "doctor --recipe tree-76"), 2, "tree-76k");
}

}  // namespace
