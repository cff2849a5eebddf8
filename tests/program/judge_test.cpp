// wavenet eval on files that the model was not trained on: judged whole, beside its own data.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/program/made_up.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/split.h"

namespace {

using program::expect_one_line;
using program::json;
using program::Result;
using program::slurp;
using program::spit;

class Judged : public testing::Test {
 protected:
  // Trains on `content`, with what a recipe is changed by.
  void train(const std::string& content, const std::string& flags) {
    spit(folder_ / "own.txt", content);
    const Result result = program::run(folder_, "train --quiet --data " + (folder_ / "own.txt") +
                                                    " --out " + (folder_ / "run") + " " + flags);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  Result eval(const std::string& flags) {
    return program::run(folder_, "eval " + (folder_ / "run") + " " + flags);
  }
  Result eval_of(const std::string& content, const std::string& flags = "") {
    spit(folder_ / "new.txt", content);
    return eval("--data " + (folder_ / "new.txt") + " " + flags);
  }
  // The one record of a run that ends well and says nothing else.
  json record_of(const Result& result) {
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    const std::vector<json> records = program::records_of(result.out);
    EXPECT_EQ(records.size(), 1U) << result.out;
    return records.at(0);
  }
  // The mean loss of all that `score` is given, by its own way.
  double scored(const std::string& lines) {
    spit(folder_ / "lines.txt", lines);
    const Result result =
        program::run(folder_, "score --json " + (folder_ / "run") + " <" + (folder_ / "lines.txt"));
    EXPECT_EQ(result.code, 0) << result.err;
    double total = 0;
    double tokens = 0;
    for (const json& record : program::records_of(result.out)) {
      const auto count = record["tokens"].get<double>();
      total += record["loss"].get<double>() * count;
      tokens += count;
    }
    return total / tokens;
  }
  program::Folder folder_;
};

class JudgedWords : public Judged {
 protected:
  void SetUp() override { train(program::made_up_words(200), "--recipe mlp-3 --steps 100"); }
  // Words of a part of the model's own data.
  std::vector<std::string> own(const std::string& part) const {
    const wavenet::data::Split split =
        wavenet::data::split_words(wavenet::data::read_words(folder_ / "own.txt"), 42);
    std::vector<std::string> words;
    for (const std::u32string& word : split.part(part)) {
      words.push_back(wavenet::encode_utf8(word));
    }
    return words;
  }
};

TEST_F(JudgedWords, AnotherFileIsJudgedWhole) {
  const std::string lines = "karo\nlenka\nshamilen\nvo\nkaro\nbuar\nne\n";
  const json record = record_of(eval_of(lines, "--json"));
  EXPECT_EQ(record["split"], "all");
  EXPECT_EQ(record["tokens"], lines.size());  // a line end for each word's end
  EXPECT_NEAR(record["loss"].get<double>(), scored(lines), 1e-6);
  EXPECT_EQ(record["warnings"], json::array());
  EXPECT_EQ(record_of(eval_of(lines, "--json --split all")), record);
  const Result shown = eval_of(lines);
  EXPECT_EQ(shown.out.rfind("all    ", 0), 0U) << shown.out;
  EXPECT_EQ(shown.err, "");
}

TEST_F(JudgedWords, OneWordIsEnough) {
  const json record = record_of(eval_of("lenka\n", "--json"));
  EXPECT_EQ(record["tokens"], 6);
  EXPECT_NEAR(record["loss"].get<double>(), scored("lenka\n"), 1e-6);
  expect_one_line(eval_of("lenka\n", "--quiet --split val"), 1, "needs at least 6");
  expect_one_line(eval_of("", "--quiet"), 1, "new.txt: no words in it");
}

TEST_F(JudgedWords, LeaksAreCountedAgainstTheModelsOwnTrainingData) {
  const std::vector<std::string> train = own("train");
  const std::vector<std::string> val = own("val");
  ASSERT_EQ(std::count(train.begin(), train.end(), val[0]), 0);
  const std::string lines =
      train[0] + "\n" + train[7] + "\n" + train[0] + "\n" + val[0] + "\nlenlenlenka\n";
  const json leak = record_of(eval_of(lines, "--json"))["leak"];
  EXPECT_EQ(leak["words"], 5);
  EXPECT_EQ(leak["seen"], 3);
  EXPECT_NEAR(leak["seen_loss"].get<double>(),
              scored(train[0] + "\n" + train[7] + "\n" + train[0] + "\n"), 1e-6);
  EXPECT_NEAR(leak["unseen_loss"].get<double>(), scored(val[0] + "\nlenlenlenka\n"), 1e-6);
  EXPECT_NE(eval_of(lines).out.find("leak: 3 of 5 all words (60.0 %) also stand in the training "
                                    "data; loss on those "),
            std::string::npos);
}

// The counting marks too come from what the model was trained on.
TEST_F(JudgedWords, MarksAreCountedInTheModelsOwnTrainingData) {
  std::string lines;
  for (const std::string& word : own("val")) {
    lines += word + "\n";
  }
  json val = record_of(eval("--json --split val"));
  json same = record_of(eval_of(lines, "--json"));
  EXPECT_NEAR(same["loss"].get<double>(), val["loss"].get<double>(), 1e-6);
  EXPECT_EQ(same["tokens"], val["tokens"]);
  for (const char* mark : {"uniform", "unigram", "ngram"}) {
    EXPECT_NEAR(same["marks"][mark].get<double>(), val["marks"][mark].get<double>(), 1e-9) << mark;
  }
  EXPECT_EQ(same["own_data"], false);
  EXPECT_EQ(val["own_data"], true);
  EXPECT_NE(
      eval_of(lines).out.find("\nmarks on all, counted in the data that the model was trained "
                              "on: uniform "),
      std::string::npos);
  EXPECT_NE(eval("--split val").out.find("\nmarks on val: uniform "), std::string::npos);
}

TEST_F(JudgedWords, SaysWhereTheTrainingDataIsNotThere) {
  const std::string lines = "karo\nlenka\n";
  json with = record_of(eval_of(lines, "--json"));
  for (const bool changed : {false, true}) {
    if (changed) {
      spit(folder_ / "own.txt", program::made_up_words(190));
    } else {
      std::filesystem::remove(folder_ / "own.txt");
    }
    const Result result = eval_of(lines, "--json");
    EXPECT_EQ(result.code, 0);
    const json without = json::parse(result.out);
    EXPECT_EQ(without["loss"], with["loss"]);
    EXPECT_FALSE(without.contains("leak"));
    EXPECT_FALSE(without.contains("marks"));
    ASSERT_EQ(without["warnings"].size(), 1U);
    const auto warning = without["warnings"][0].get<std::string>();
    EXPECT_EQ(warning,
              "no leak and no marks: the data that the model was trained on is not here: " +
                  (folder_ / "own.txt") + (changed ? " has changed since" : ": no such file"));
    EXPECT_EQ(result.err, "warning: " + warning + "\n");
    EXPECT_EQ(eval_of(lines, "--json --quiet").err, "");
  }
}

TEST_F(JudgedWords, ItsOwnDataUnderAnotherNameHasItsParts) {
  const Result by_default = eval("--json");
  EXPECT_EQ(eval_of(slurp(folder_ / "own.txt"), "--json").out, by_default.out);
  const std::vector<json> records = program::records_of(by_default.out);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["split"], "train");
  EXPECT_FALSE(records[0].contains("leak"));
  EXPECT_EQ(records[1]["split"], "val");
  EXPECT_EQ(records[1]["leak"]["words"], 20);
  const json all = record_of(eval("--json --split all"));
  EXPECT_EQ(all["leak"]["words"], 200);
  EXPECT_EQ(all["leak"]["seen"], 160);
  EXPECT_FALSE(all.contains("marks"));
  EXPECT_NEAR(all["loss"].get<double>(), scored(slurp(folder_ / "own.txt")), 1e-6);
}

TEST_F(JudgedWords, PartsOfAnotherFileAreToldToBeOthers) {
  const Result result = eval_of(program::made_up_words(100), "--json --split val");
  EXPECT_EQ(result.code, 0);
  const json record = json::parse(result.out);
  EXPECT_EQ(record["leak"]["words"], 10);
  EXPECT_GT(record["leak"]["seen"], 0);  // in the model's own training data, not in the file's
  ASSERT_EQ(record["warnings"].size(), 1U);
  EXPECT_NE(result.err.find("is not the data that the model was trained on"), std::string::npos);
}

TEST_F(JudgedWords, OwnDataThatHasChangedIsJudgedWhole) {
  spit(folder_ / "own.txt", "karo\nlenka\n");
  const Result result = eval("--json");
  EXPECT_EQ(result.code, 0);
  const json record = json::parse(result.out);
  EXPECT_EQ(record["split"], "all");
  EXPECT_EQ(record["tokens"], 11);
  EXPECT_EQ(record["warnings"][0],
            (folder_ / "own.txt") + " has changed since the model was trained on it");
}

TEST_F(JudgedWords, LinesWithUnknownCharactersAreNamedAndTheOthersJudged) {
  const Result result = eval_of("karo\nzoé\n\nlenka\nvoß zé\nne\n", "--json");
  EXPECT_EQ(result.code, 1);
  const json record = json::parse(result.out);
  EXPECT_EQ(record["tokens"], 14);
  EXPECT_NEAR(record["loss"].get<double>(), scored("karo\nlenka\nne\n"), 1e-6);
  EXPECT_EQ(record["left_out"], json::parse(R"([{"line": 2, "text": "zoé", "unknown": "zé"},
                            {"line": 5, "text": "voß zé", "unknown": " zßé"}])"));
  const std::string name = folder_ / "new.txt";
  EXPECT_EQ(
      result.err.rfind("wavenet: " + name +
                           ": line 2 'zoé' is left out: no token for 'z' "
                           "'é'\nwavenet: " +
                           name + ": line 5 'voß zé' is left out: no token for ' ' 'z' 'ß' 'é'\n" +
                           "wavenet: " + name +
                           ": 2 lines were left out, as the model has no token for ' ' 'z' "
                           "'ß' 'é'; the known characters are 'a' 'b'",
                       0),
      0U)
      << result.err;
  expect_one_line(eval_of("zé\n"), 1, "nothing is left of all");
}

class JudgedText : public Judged {
 protected:
  void SetUp() override {
    train(program::made_up_text(900), "--recipe mlp-3 --steps 100 --set data.format=text");
  }
};

TEST_F(JudgedText, AnotherFileIsJudgedWhole) {
  const std::string text = "to be, that is\nor not,  whether\n\n that\n";
  const json record = record_of(eval_of(text, "--json"));
  EXPECT_EQ(record["split"], "all");
  EXPECT_EQ(record["tokens"], text.size());
  EXPECT_TRUE(record.contains("marks"));
  EXPECT_FALSE(record.contains("leak"));
  const Result whole =
      program::run(folder_, "score --json " + (folder_ / "run") + " '" + text + "'");
  EXPECT_NEAR(record["loss"].get<double>(), json::parse(whole.out)["loss"].get<double>(), 1e-6);
  EXPECT_EQ(record_of(eval_of("t", "--json"))["tokens"], 1);
  EXPECT_EQ(record_of(eval("--json --split all"))["tokens"], slurp(folder_ / "own.txt").size());
}

TEST_F(JudgedText, LinesWithUnknownCharactersAreNamedAndTheOthersJudged) {
  const Result result = eval_of("to be\nTo be\nor not\n", "--json");
  EXPECT_EQ(result.code, 1);
  const json record = json::parse(result.out);
  EXPECT_EQ(record["tokens"], 13);
  EXPECT_EQ(record["left_out"][0]["line"], 2);
  const auto scored = [&](const std::string& text) {
    return json::parse(
        program::run(folder_, "score --json " + (folder_ / "run") + " '" + text + "'").out);
  };
  EXPECT_NEAR(
      record["loss"].get<double>() * 13,
      scored("to be\n")["loss"].get<double>() * 6 + scored("or not\n")["loss"].get<double>() * 7,
      1e-5);
}

// Whole rows of probabilities, as `check` compares them, and one at a time, as `eval` needs them.
TEST_F(Judged, ACountingModelIsItsOwnMark) {
  train(program::made_up_words(300), "--recipe ngram-6");
  for (const char* part : {"val", "test"}) {
    const json record = record_of(eval(std::string("--json --split ") + part));
    // The same numbers in double, added in another order.
    EXPECT_NEAR(record["loss"].get<double>(), record["marks"]["ngram"].get<double>(), 1e-12);
  }
  EXPECT_EQ(program::run(folder_, "check --quiet " + (folder_ / "run")).code, 0);
}

}  // namespace
