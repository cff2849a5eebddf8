// Models of running text through the program.
#include <gtest/gtest.h>

#include "tests/program/made_up.h"

namespace {

using program::expect_one_line;
using program::json;
using program::Result;
using program::spit;

class RunningText : public testing::Test {
 protected:
  RunningText() { spit(folder_ / "text.txt", text_); }

  Result train(const json& recipe, const std::string& flags = "") {
    spit(folder_ / "recipe.json", recipe.dump());
    return program::run(folder_, "train --quiet --json --recipe " + (folder_ / "recipe.json") +
                                     " --data " + (folder_ / "text.txt") + " --out " +
                                     (folder_ / "run") + " " + flags);
  }
  json judged(const std::string& part) {
    const Result result =
        program::run(folder_, "eval --json --split " + part + " " + (folder_ / "run"));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return json::parse(result.out);
  }
  json scored(const std::string& text) {
    const Result result =
        program::run(folder_, "score --json " + (folder_ / "run") + " '" + text + "'");
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }
  // The loss on each part, better than by the frequencies of characters alone.
  void expect_judged_and_scored() {
    const std::size_t val = text_.size() / 10;
    EXPECT_EQ(judged("train")["tokens"], text_.size() - val);
    const json record = judged("val");
    EXPECT_EQ(record["tokens"], val);
    EXPECT_LT(record["loss"].get<double>(), record["marks"]["unigram"].get<double>());
    EXPECT_FALSE(record.contains("leak"));
    expect_one_line(program::run(folder_, "eval --split test " + (folder_ / "run")), 2,
                    "running text has the parts train and val, not test");
    // The last tenth is judged as `score` reads it: from its beginning, without an end.
    ASSERT_LT(val, 1024U);
    const json whole = scored(text_.substr(text_.size() - val));
    EXPECT_EQ(whole["tokens"], val);
    EXPECT_NEAR(whole["loss"].get<double>(), record["loss"].get<double>(), 1e-6);
    EXPECT_EQ(scored("to be")["losses"].size(), 5U);
    expect_one_line(program::run(folder_, "score " + (folder_ / "run") + " ''"), 1, "empty text");
    expect_one_line(program::run(folder_, "score " + (folder_ / "run") + " 'to Be'"), 1, "'B'");
    const Result sampled =
        program::run(folder_, "sample -n 2 --max-length 40 --json " + (folder_ / "run"));
    EXPECT_EQ(sampled.code, 0) << sampled.err;
    EXPECT_EQ(program::records_of(sampled.out).size(), 2U);
  }

  const std::string text_ = program::made_up_text(900);
  program::Folder folder_;
};

json wavenet_on_text() {
  json recipe = program::small_wavenet();
  recipe["data"] = {{"format", "text"}, {"piece", 64}};
  return recipe;
}

TEST_F(RunningText, TrainsAWaveNet) {
  const Result result = train(wavenet_on_text(), "--steps 100");
  ASSERT_EQ(result.code, 0) << result.err;
  expect_judged_and_scored();
}

TEST_F(RunningText, TrainsAModelOfWindows) {
  const Result result = program::run(
      folder_, "train --quiet --recipe mlp-3 --steps 200 --set data.format=text --data " +
                   (folder_ / "text.txt") + " --out " + (folder_ / "run"));
  ASSERT_EQ(result.code, 0) << result.err;
  expect_judged_and_scored();
}

// One text by default, as it is; of several a line above each says where it begins.
TEST_F(RunningText, SamplesAreToldApart) {
  ASSERT_EQ(train(wavenet_on_text()).code, 0);
  const auto sample = [&](const std::string& flags) {
    const Result result = program::run(folder_, "sample " + flags + " " + (folder_ / "run"));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  };
  std::vector<std::string> texts;
  for (const json& record : program::records_of(sample("-n 3 --json --max-length 60"))) {
    texts.push_back(record["text"]);
  }
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(sample("-n 3 --max-length 60"), "--- sample 1 of 3 ---\n" + texts[0] +
                                                "\n--- sample 2 of 3 ---\n" + texts[1] +
                                                "\n--- sample 3 of 3 ---\n" + texts[2] + "\n");
  EXPECT_EQ(sample("--max-length 60"), texts[0] + "\n");
  EXPECT_EQ(program::records_of(sample("--json --max-length 60")).size(), 1U);
  EXPECT_EQ(sample(""), sample("--max-length 1000"));
  const std::string prompt = "--prompt " + std::string(1200, 'e');
  EXPECT_EQ(sample(prompt), sample(prompt + " --max-length 2200"));
}

TEST_F(RunningText, IsCounted) {
  const Result result =
      program::run(folder_, "train --quiet --recipe ngram-6 --set data.format=text --data " +
                                (folder_ / "text.txt") + " --out " + (folder_ / "run"));
  ASSERT_EQ(result.code, 0) << result.err;
  expect_judged_and_scored();
}

TEST_F(RunningText, HasTheSameBitsForAnyThreadsAndResumed) {
  json recipe = wavenet_on_text();
  recipe["train"]["schedule"] = "constant";
  const auto files = [&] {
    return program::slurp(folder_ / "run/model.safetensors") +
           program::slurp(folder_ / "run/last.safetensors");
  };
  ASSERT_EQ(train(recipe, "--threads 1").code, 0);
  const std::string one = files();
  ASSERT_EQ(train(recipe, "--threads 2 --overwrite").code, 0);
  EXPECT_EQ(files(), one);
  ASSERT_EQ(train(recipe, "--steps 12 --overwrite").code, 0);
  EXPECT_NE(files(), one);
  ASSERT_EQ(train(recipe, "--steps 30 --resume").code, 0);
  EXPECT_EQ(files(), one);
}

TEST_F(RunningText, SaysWhatItNeeds) {
  json recipe = wavenet_on_text();  // sees 9 characters
  recipe["data"]["piece"] = 5000;
  const std::size_t size = text_.size() - text_.size() / 10;
  expect_one_line(train(recipe), 1,
                  "text: " + std::to_string(size) +
                      " characters to train on; pieces of 5000 after a receptive field of 9 need "
                      "at least 10000");
  recipe["data"]["piece"] = 64;
  recipe["model"]["dilations"] = {1, 2, 4, 1 << 20};
  expect_one_line(train(recipe), 1, "a receptive field of 1048585 need at least 1048649");
  recipe = wavenet_on_text();
  recipe["data"].erase("piece");
  expect_one_line(train(recipe), 2, "key data.piece is missing");
  recipe = wavenet_on_text();
  recipe["data"]["val_share"] = 1e-9;
  expect_one_line(train(recipe), 1, "leaves a part empty");
  recipe["data"]["val_share"] = 1.5;
  expect_one_line(train(recipe), 2, "data.val_share must be from 0 to 1, got 1.5");
  expect_one_line(train(wavenet_on_text(), "--dedup"), 2, "--dedup: running text has no words");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

TEST_F(RunningText, NamesTheLineThatIsNoText) {
  spit(folder_ / "text.txt", "to be\nor not\nto \xff be\n");
  expect_one_line(train(wavenet_on_text()), 1, "text.txt: line 3: not UTF-8");
  spit(folder_ / "text.txt", std::string("to be\nor\0not", 12));
  expect_one_line(train(wavenet_on_text()), 1, "text.txt: line 2 holds the control character");
  spit(folder_ / "text.txt", "");
  expect_one_line(train(wavenet_on_text()), 1, "text.txt: no text in it");
}

}  // namespace
