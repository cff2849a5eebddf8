// How the program behaves on terminals: real ones (pseudo terminals of the system), at any width.
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "tests/program/made_up.h"
#include "tests/program/run.h"
#include "wavenet/base/utf8.h"

namespace {

using program::Folder;
using program::json;
using program::slurp;

using Environment = std::map<std::string, std::string>;
const Environment kUtf8{{"TERM", "xterm-256color"}, {"LC_ALL", "C.UTF-8"}};

struct Shown {
  int code;
  std::string text;  // all that the terminal was sent
};

// Runs the program with standard error (and output) on a terminal of so many columns, on which
// `typed` is typed.
Shown on_terminal(int columns, const Environment& environment, const std::string& arguments,
                  const std::string& typed = "") {
  const winsize size{24, static_cast<unsigned short>(columns), 0, 0};
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    for (const char* name : {"NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "TERM"}) {
      unsetenv(name);
    }
    for (const auto& [name, value] : environment) {
      setenv(name.c_str(), value.c_str(), 1);
    }
    const std::string command = std::string("exec ") + WAVENET_PROGRAM + " " + arguments;
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  EXPECT_EQ(write(terminal, typed.data(), typed.size()), std::ssize(typed));
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(terminal, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  int status = 0;
  waitpid(child, &status, 0);
  close(terminal);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, text};
}

std::string without_escapes(const std::string& text) {
  return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*[A-Za-z]"), "");
}

// What stood on the live line, one drawing after the other.
std::vector<std::string> drawings(const std::string& text) {
  std::vector<std::string> all;
  const std::regex drawing("\r([^\r\n]*)\x1b\\[K");
  for (std::sregex_iterator it(text.begin(), text.end(), drawing), end; it != end; ++it) {
    all.push_back(without_escapes((*it)[1]));
  }
  return all;
}

class Terminal : public testing::Test {
 protected:
  Terminal() { program::spit(folder_ / "words.txt", program::made_up_words(100)); }
  std::string training(const std::string& more = "", const std::string& eval_every = "10") const {
    return "train --recipe mlp-3 --steps 40 --log-every 2 --overwrite --set train.eval_every=" +
           eval_every + " --data " + (folder_ / "words.txt") + " --out " + (folder_ / "run") + " " +
           more + " >/dev/null";
  }
  Folder folder_;
};

// Training ends as ever where what it says cannot be written: closed, full, or read by nobody.
TEST_F(Terminal, TrainsWhereNothingCanBeSaid) {
  const std::string train = std::string(WAVENET_PROGRAM) + " " + training();
  for (const std::string& command : {train + " 2>&-", train + " <&- 2>&-", train + " 2>/dev/full",
                                     "(" + train + " 2>&3) 3>&1 | true"}) {
    std::filesystem::remove_all(folder_ / "run");
    program::spit(folder_ / "run.sh", "set -o pipefail\n" + command + "\n");
    EXPECT_EQ(std::system(("bash " + (folder_ / "run.sh")).c_str()), 0) << command;
    const std::string log = slurp(folder_ / "run/metrics.jsonl");
    EXPECT_NE(log.find("\"split\":\"train\""), std::string::npos);
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(line.starts_with("{\"steps_done\":")) << line;
    }
  }
}

// So does an error: with its exit code.
TEST_F(Terminal, FailsAsEverWhereNothingCanBeSaid) {
  const std::string missing = std::string(WAVENET_PROGRAM) + " eval " + (folder_ / "none");
  for (const char* to : {" 2>&-", " 2>/dev/full"}) {
    EXPECT_EQ(WEXITSTATUS(std::system((missing + to).c_str())), 1) << to;
  }
  program::spit(folder_ / "run.sh", "(sleep 0.1; " + missing + " 2>&3; echo $? >" +
                                        (folder_ / "code") +
                                        ") 3>&1 >/dev/null | true\nsleep 0.4\n");
  EXPECT_EQ(std::system(("bash " + (folder_ / "run.sh")).c_str()), 0);
  EXPECT_EQ(slurp(folder_ / "code"), "1\n");
}

TEST_F(Terminal, SaysThatStandardOutputCannotBeWritten) {
  for (const char* arguments : {"recipes", "--help", "--version", "train --help"}) {
    const std::string command =
        std::string(WAVENET_PROGRAM) + " " + arguments + " >/dev/full 2>" + (folder_ / "stderr");
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1) << arguments;
    EXPECT_EQ(slurp(folder_ / "stderr"), "wavenet: standard output: cannot be written\n");
  }
}

TEST_F(Terminal, DrawsOneLineThatFitsAnyWidth) {
  for (const int columns : {1, 2, 5, 20, 33, 60, 80, 200}) {
    const Shown shown = on_terminal(columns, kUtf8, training());
    ASSERT_EQ(shown.code, 0) << shown.text;
    const std::vector<std::string> lines = drawings(shown.text);
    ASSERT_FALSE(lines.empty()) << shown.text;
    for (const std::string& line : lines) {
      EXPECT_LT(static_cast<int>(wavenet::decode_utf8(line).size()), columns) << line;
    }
  }
}

// What takes long says how long it will still take, unless what it prints is seen anyway.
TEST_F(Terminal, SaysHowManyWordsAreMade) {
  ASSERT_EQ(on_terminal(80, kUtf8, training()).code, 0);
  const std::string sample = "sample " + (folder_ / "run") + " -n ";
  // Who reads them waits first, so that no machine is done before there is anything to say.
  const Shown shown = on_terminal(80, kUtf8, sample + "100000 | { sleep 1; cat; } >/dev/null");
  EXPECT_EQ(shown.code, 0);
  EXPECT_TRUE(std::regex_search(without_escapes(shown.text),
                                std::regex("[0-9]+/100000 words  [0-9]+:[0-9][0-9] left")))
      << shown.text;
  const Shown printed = on_terminal(80, kUtf8, sample + "20000");
  EXPECT_EQ(printed.code, 0);
  EXPECT_EQ(printed.text.find("/20000 words"), std::string::npos);
}

TEST_F(Terminal, SaysMostWhereItIsNarrow) {
  EXPECT_TRUE(std::regex_match(drawings(on_terminal(20, kUtf8, training()).text).back(),
                               std::regex("100 %  loss \\d\\.\\d{4}")));
  EXPECT_TRUE(std::regex_match(
      drawings(on_terminal(200, kUtf8, training()).text).back(),
      std::regex("step 40/40  loss \\S+  val \\S+  0:00 left  \\S{60}  \\d+ steps/s  lr 0\\.1")));
}

// The bars against the losses in the log: so many, and the extremes where they belong.
TEST_F(Terminal, DrawsTheLossesOfTheLastWindows) {
  const std::string last = drawings(on_terminal(200, kUtf8, training()).text).back();
  std::vector<double> losses;
  std::istringstream log(slurp(folder_ / "run/metrics.jsonl"));
  for (std::string line; std::getline(log, line);) {
    const json record = json::parse(line);
    if (record.contains("lr")) {
      losses.push_back(record["loss"]);
    }
  }
  ASSERT_EQ(losses.size(), 20U);
  std::u32string bars;
  for (const char32_t c : wavenet::decode_utf8(last)) {
    if (c >= U'\u2581' && c <= U'\u2588') {
      bars += c;
    }
  }
  ASSERT_EQ(bars.size(), losses.size()) << last;
  const auto at = [&](auto found) { return static_cast<std::size_t>(found - losses.begin()); };
  EXPECT_EQ(bars[at(std::min_element(losses.begin(), losses.end()))], U'\u2581');
  EXPECT_EQ(bars[at(std::max_element(losses.begin(), losses.end()))], U'\u2588');
  for (std::size_t i = 0; i < losses.size(); ++i) {
    for (std::size_t j = 0; j < losses.size(); ++j) {
      EXPECT_TRUE(losses[i] > losses[j] || bars[i] <= bars[j]) << last;
    }
  }
}

// Judging takes longer here than the steps.
TEST_F(Terminal, DrawsWhatFollowsTheLastStep) {
  program::spit(folder_ / "words.txt", program::made_up_words(4000));
  const std::string slow = training(
      "--threads 1 --set model.hidden=20000 --set train.batch_size=4 --no-report --json", "100");
  const Shown shown = on_terminal(80, kUtf8, slow);
  EXPECT_EQ(shown.code, 0);
  int judging = 0;
  for (const std::string& line : drawings(shown.text)) {
    judging += std::regex_match(line, std::regex("judging train  \\d+ %")) ? 1 : 0;
  }
  EXPECT_GT(judging, 0) << shown.text;
  EXPECT_TRUE(shown.text.ends_with("\r\x1b[K")) << "the line is wiped out in the end";
}

TEST_F(Terminal, DrawsInAsciiWhereTheLocaleIsNotUtf8) {
  for (const char* locale : {"C", "de_DE.ISO-8859-1", ""}) {
    const Shown shown = on_terminal(200, {{"TERM", "xterm"}, {"LANG", locale}}, training());
    EXPECT_TRUE(std::all_of(shown.text.begin(), shown.text.end(), [](char c) { return c > 0; }));
    EXPECT_TRUE(std::regex_search(drawings(shown.text).back(), std::regex("  [_.=+*%#-]{20}  ")));
  }
}

TEST_F(Terminal, ColoursOnlyWhereColourIsWanted) {
  const std::regex colour("\x1b\\[[0-9;]*m");
  const std::string missing = "eval " + (folder_ / "none.safetensors");
  EXPECT_TRUE(std::regex_search(on_terminal(80, kUtf8, missing).text, colour));
  Environment empty = kUtf8;
  empty["NO_COLOR"] = "";
  EXPECT_TRUE(std::regex_search(on_terminal(80, empty, missing).text, colour));
  for (const char* value : {"1", "0", "no"}) {
    Environment without = kUtf8;
    without["NO_COLOR"] = value;
    EXPECT_FALSE(std::regex_search(on_terminal(80, without, missing).text, colour));
    const std::string trained = on_terminal(80, without, training()).text;
    EXPECT_FALSE(std::regex_search(trained, colour));
    EXPECT_FALSE(drawings(trained).empty()) << "no colour, but still one line";
  }
  const std::string trained = on_terminal(80, kUtf8, training()).text;
  EXPECT_TRUE(std::regex_search(trained, std::regex("\x1b\\[3[12]mval ")));
}

TEST_F(Terminal, IsPlainOnADumbTerminalAndElsewhere) {
  const std::regex control("\x1b|\r(?!\n)");  // terminals turn \n into \r\n
  for (const Environment& dumb : {Environment{{"TERM", "dumb"}}, Environment{}}) {
    const std::string text = on_terminal(80, dumb, training()).text;
    EXPECT_FALSE(std::regex_search(text, control)) << text;
    EXPECT_NE(text.find("step 40/40"), text.npos);
  }
  const program::Result elsewhere =
      program::run(folder_, training().substr(0, training().rfind('>')));
  EXPECT_EQ(elsewhere.err.find_first_of("\x1b\r"), elsewhere.err.npos);
  EXPECT_EQ(elsewhere.out.find_first_of("\x1b\r"), elsewhere.out.npos);
  EXPECT_NE(elsewhere.err.find("step 40/40"), elsewhere.err.npos);
}

// Word for word as it is typed, until Ctrl-D.
TEST_F(Terminal, ScoreSaysWhatItWaitsFor) {
  ASSERT_EQ(on_terminal(80, kUtf8, training()).code, 0);
  const std::string score = "score " + (folder_ / "run");
  const Shown shown = on_terminal(80, kUtf8, score, "karo\nlenka\n\x04");
  EXPECT_EQ(shown.code, 0) << shown.text;
  EXPECT_NE(shown.text.find("score: reads words from the terminal, one a line, until Ctrl-D\r\n"),
            shown.text.npos)
      << shown.text;
  EXPECT_TRUE(std::regex_search(shown.text, std::regex("\\d\\.\\d{4}  lenka "))) << shown.text;
  EXPECT_EQ(on_terminal(80, kUtf8, score + " --quiet", "karo\n\x04").text.find("reads"),
            shown.text.npos);
  program::spit(folder_ / "one.txt", "karo\n");
  EXPECT_EQ(on_terminal(80, kUtf8, score + " <" + (folder_ / "one.txt")).text.find("reads"),
            shown.text.npos);
}

TEST_F(Terminal, QuietSaysNothing) {
  EXPECT_EQ(on_terminal(80, kUtf8, training("--quiet")).text, "");
  EXPECT_EQ(on_terminal(80, kUtf8, training("--quiet --json")).text, "");
}

// To 100 columns at most; only a word that is longer than the width, or a flag with its value's
// name, stands out.
TEST_F(Terminal, WrapsHelpToTheWidth) {
  for (const int columns : {20, 40, 80, 100, 300}) {
    std::istringstream help(on_terminal(columns, kUtf8, "sample --help").text);
    for (std::string line; std::getline(help, line);) {
      line.erase(line.find_last_not_of("\r") + 1);
      const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
      const bool one_word = line.find(' ', start) == line.npos;
      EXPECT_TRUE(one_word || line.starts_with("  -") || static_cast<int>(line.size()) <= columns)
          << line;
      EXPECT_LE(line.size(), 100U);
    }
  }
}

}  // namespace
