// wavenet sample through the program: what each flag promises of the words.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/program/run.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/split.h"

namespace {

using program::Result;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

// A model that has hardly learned, of short words over two characters, so that repeats and known
// words come up all the time.
class Samples : public testing::Test {
 protected:
  void SetUp() override {
    std::string list;
    for (const std::string& word : kWords) {
      list += word + "\n";
    }
    program::spit(folder_ / "words.txt", list);
    const Result trained =
        program::run(folder_, "train --recipe mlp-3 --steps 20 --quiet --data " +
                                  (folder_ / "words.txt") + " --out " + (folder_ / "m"));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  Result sample(const std::string& flags) {
    return program::run(folder_, "sample " + (folder_ / "m") + " " + flags);
  }
  std::vector<std::string> words(const std::string& flags) {
    const Result result = sample(flags);
    EXPECT_EQ(result.code, 0) << result.err;
    return lines_of(result.out);
  }
  void expect_error(const std::string& flags, int code, const std::string& part) {
    const Result result = sample(flags);
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }

  const std::vector<std::string> kWords{"a",   "b",   "aa",  "ab",  "ba",  "bb",
                                        "abb", "baa", "aba", "bab", "aab", "bba"};
  program::Folder folder_;
};

TEST_F(Samples, FewWordsAreTheFirstOfMany) {
  const auto many = words("-n 500 --max-length 30");
  ASSERT_EQ(many.size(), 500U);
  for (const std::size_t count : {1U, 7U, 64U, 65U}) {
    const auto few = words("-n " + std::to_string(count) + " --max-length 30");
    EXPECT_TRUE(few.size() == count && std::equal(few.begin(), few.end(), many.begin())) << count;
  }
  EXPECT_NE(words("-n 500 --max-length 30 --seed 7"), many);
}

TEST_F(Samples, GreedyIsTemperature0IsTopK1) {
  const auto greedy = words("-n 3 --greedy --max-length 9");
  EXPECT_EQ(greedy, words("-n 3 --temperature 0 --max-length 9"));
  EXPECT_EQ(greedy, words("-n 3 --top-k 1 --max-length 9 --seed 5"));
  EXPECT_EQ(greedy, words("-n 3 --min-p 1 --max-length 9 --seed 6"));
  expect_error("--greedy --temperature 1", 2, "--greedy");
}

TEST_F(Samples, UniqueSaysNoWordTwice) {
  const auto all = words("-n 2000 --max-length 4");
  const Result unique = sample("-n 20 --unique --max-length 4");
  ASSERT_EQ(unique.code, 0) << unique.err;
  std::vector<std::string> expected;  // the first 20 different ones, in order
  for (const std::string& word : all) {
    if (expected.size() < 20 && std::count(expected.begin(), expected.end(), word) == 0) {
      expected.push_back(word);
    }
  }
  EXPECT_EQ(lines_of(unique.out), expected);
  EXPECT_NE(unique.err.find("said before"), std::string::npos) << unique.err;
}

TEST_F(Samples, NovelSaysNoTrainingWordAndHowManyItLeftOut) {
  const auto marked = lines_of(sample("-n 400 --max-length 4 --mark-known --json").out);
  std::vector<std::string> expected;
  int left_out = 0;
  for (const std::string& line : marked) {
    const auto record = nlohmann::json::parse(line);
    if (expected.size() < 30) {
      if (record["known"].get<bool>()) {
        ++left_out;
      } else {
        expected.push_back(record["text"]);
      }
    }
  }
  ASSERT_GT(left_out, 0);
  const Result novel = sample("-n 30 --novel --max-length 4");
  EXPECT_EQ(lines_of(novel.out), expected);
  EXPECT_EQ(novel.err, "left out: " + std::to_string(left_out) + " in the training data\n");
}

// A list by --data is a plain list: all of it counts, whatever it holds and however short it is.
TEST_F(Samples, OfAListByDataAllWordsAreKnown) {
  const auto drawn = words("-n 100 --max-length 6");
  std::string list;
  for (const std::string& word : drawn) {
    list += word + "\n";
  }
  program::spit(folder_ / "list.txt", list + "Zoë!\n");
  const std::string data = " --data " + (folder_ / "list.txt");
  const Result novel = sample("-n 100 --max-length 6 --novel" + data);
  ASSERT_EQ(novel.code, 0) << novel.err;
  for (const std::string& word : lines_of(novel.out)) {
    EXPECT_TRUE(word.empty() || std::count(drawn.begin(), drawn.end(), word) == 0) << word;
  }
  EXPECT_NE(novel.err.find(" in " + (folder_ / "list.txt")), std::string::npos) << novel.err;
  for (const std::string& line :
       lines_of(sample("-n 100 --max-length 6 --mark-known --json" + data).out)) {
    const auto record = nlohmann::json::parse(line);
    EXPECT_EQ(record["known"], record["text"] != "") << line;  // a list holds no empty word
  }
}

TEST_F(Samples, AListOfOneWordIsOne) {
  const auto drawn = words("-n 300 --max-length 4");
  program::spit(folder_ / "list.txt", "ab\n");
  const std::string data = " --data " + (folder_ / "list.txt");
  std::vector<std::string> expected = drawn;
  std::erase(expected, "ab");
  ASSERT_LT(expected.size(), drawn.size());
  expected.resize(200);
  EXPECT_EQ(words("-n 200 --novel --max-length 4" + data), expected);
  program::spit(folder_ / "list.txt", "\n\n");
  expect_error("--novel" + data, 1, "list.txt: no words in it");
}

TEST_F(Samples, WithoutAListThePartTrainedOnIsKnown) {
  const auto split =
      wavenet::data::split_words(wavenet::data::read_words(folder_ / "words.txt"), 42);
  for (const std::string& line :
       lines_of(sample("-n 400 --max-length 4 --mark-known --json").out)) {
    const auto record = nlohmann::json::parse(line);
    const std::u32string word = wavenet::decode_utf8(record["text"].get<std::string>());
    EXPECT_EQ(record["known"], std::count(split.train.begin(), split.train.end(), word) > 0)
        << line;
  }
  std::filesystem::remove(folder_ / "words.txt");
  expect_error("--novel", 1, "words.txt: no such file here");
}

TEST_F(Samples, GivesUpWhereThereAreNoMoreWords) {
  // Over two characters there are 7 words of up to 2 characters, the empty one among them.
  expect_error("-n 8 --unique --max-length 2", 1, "of the 8 words asked for in 1800 draws");
  expect_error("-n 3 --greedy --unique", 1, "only 1 of the 3");
}

// 10^12 words that are kept take 56 TB: refused with figures, at once.
TEST_F(Samples, MoreUniqueWordsThanMemoryHoldsAreRefused) {
  expect_error("-n 1000000000000 --unique", 1, "1000000000000 words take 56000.0 GB at least, and");
}

TEST_F(Samples, StopEndsAWord) {
  for (const std::string& word : words("-n 50 --stop b --max-length 20")) {
    EXPECT_EQ(word.find('b'), std::string::npos) << word;
  }
  expect_error("--stop ab", 2, "--stop");
  expect_error("--stop z", 1, "'z'");
}

TEST_F(Samples, TakesPromptsOfAnyLength) {
  const std::string longer = "abaabbabbaba";  // the model sees three characters
  for (std::size_t length = 1; length <= longer.size(); ++length) {
    const std::string prompt = longer.substr(0, length);
    const auto all = words("-n 40 --temperature 5 --max-length 20 --prompt " + prompt);
    ASSERT_EQ(all.size(), 40U);
    for (const std::string& word : all) {
      EXPECT_EQ(word.rfind(prompt, 0), 0U) << word;
      EXPECT_LE(word.size(), 20U);
    }
    EXPECT_GT(std::set<std::string>(all.begin(), all.end()).size(), 1U);
  }
}

TEST_F(Samples, RefusesOptionsOutOfRange) {
  expect_error("--temperature -0.5", 2, "temperature");
  expect_error("--top-p 0", 2, "top-p");
  expect_error("--top-p 1.5", 2, "top-p");
  expect_error("--min-p -0.1", 2, "min-p");
  expect_error("--min-p 1.1", 2, "min-p");
  expect_error("--top-k -1", 2, "top-k");
  expect_error("--max-length 0", 2, "at least 1 character");
  expect_error("--prompt abc", 1, "'c'");
}

}  // namespace
