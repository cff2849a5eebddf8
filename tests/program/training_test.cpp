// Training of whole sequences through the program: what a run leaves behind, and resuming it.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/program/child.h"
#include "tests/program/made_up.h"
#include "wavenet/train/checkpoint.h"

namespace {

namespace fs = std::filesystem;
using program::expect_one_line;
using program::json;
using program::Result;
using program::slurp;
using program::spit;

class Training : public testing::Test {
 protected:
  // The arguments of a run of `recipe` on the words of this test.
  std::string arguments(const json& recipe, const std::string& out) {
    spit(folder_ / "recipe.json", recipe.dump());
    return "train --json --quiet --log-every 6 --recipe " + (folder_ / "recipe.json") + " --data " +
           (folder_ / "words.txt") + " --out " + (folder_ / out);
  }
  Result train(const json& recipe, const std::string& out, const std::string& flags = "") {
    return program::run(folder_, arguments(recipe, out) + " " + flags);
  }
  json trained(const json& recipe, const std::string& out, const std::string& flags = "") {
    const Result result = train(recipe, out, flags);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }
  double loss(const std::string& model, const std::string& part = "val") {
    const Result result =
        program::run(folder_, "eval --json --split " + part + " --data " + (folder_ / "words.txt") +
                                  " " + (folder_ / model));
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out)["loss"];
  }
  std::string file(const std::string& name) { return slurp(folder_ / name); }
  bool exists(const std::string& name) { return fs::exists(folder_ / name); }

  // The evaluations on val that the log holds, in order.
  std::vector<std::pair<std::int64_t, double>> evaluations(const std::string& out) {
    std::vector<std::pair<std::int64_t, double>> all;
    for (const json& record : program::records_of(file(out + "/metrics.jsonl"))) {
      if (record.value("split", "") == "val") {
        all.emplace_back(record["steps_done"], record["loss"]);
      }
    }
    return all;
  }

  program::Folder folder_;
};

// Words so few that a model soon knows them by heart, and does worse on others.
json forgetful() {
  json recipe = program::small_wavenet();
  recipe["model"]["dropout"] = 0;
  recipe["train"]["steps"] = 150;
  recipe["train"]["schedule"] = "constant";
  recipe["train"]["learning_rate"] = 0.03;
  recipe["train"]["eval_every"] = 10;
  return recipe;
}

TEST_F(Training, KeepsTheBestAndGoesOnFromTheLast) {
  spit(folder_ / "words.txt", program::made_up_words(40));
  for (const double ema : {0.0, 0.8}) {
    json recipe = forgetful();
    recipe["train"]["ema"] = ema;
    const json result = trained(recipe, "run", "--overwrite");
    EXPECT_EQ(result["steps"], 150);
    const auto seen = evaluations("run");
    ASSERT_EQ(seen.size(), 15U);
    const auto best = *std::min_element(
        seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    ASSERT_LT(best.first, 150) << "the model did not get worse";
    EXPECT_EQ(loss("run"), best.second);
    EXPECT_EQ(result["val"], best.second);
    const auto model = wavenet::train::read_checkpoint(folder_ / "run/model.safetensors");
    const auto last = wavenet::train::read_checkpoint(folder_ / "run/last.safetensors");
    EXPECT_EQ(model.step, best.first);
    EXPECT_EQ(last.step, 150);
    EXPECT_EQ(last.best.loss, best.second);
    EXPECT_EQ(last.best.step, best.first);
    EXPECT_EQ(last.best.worse_since, (150 - best.first) / 10);
    EXPECT_TRUE(last.tensors.contains("train.adamw.mean.head.weight"));
    EXPECT_FALSE(model.tensors.contains("train.adamw.mean.head.weight"));
    EXPECT_EQ(last.tensors.contains("train.ema.head.weight"), ema > 0);
    if (ema == 0) {
      EXPECT_EQ(loss("run/last.safetensors"), seen.back().second);
    }
  }
}

TEST_F(Training, EndsWhenPatienceEnds) {
  spit(folder_ / "words.txt", program::made_up_words(40));
  for (const char* keep : {"best", "last"}) {
    json recipe = forgetful();
    recipe["train"]["keep"] = keep;
    recipe["train"]["ema"] = 0;
    recipe["train"]["patience"] = 3;
    const std::int64_t steps = trained(recipe, keep)["steps"];
    EXPECT_LT(steps, 150);
    const auto seen = evaluations(keep);
    ASSERT_GT(seen.size(), 3U);
    EXPECT_EQ(seen.back().first, steps);
    // The last three are no better than the best before them; and never before were there three.
    double best = seen[0].second;
    int worse = 0;
    for (std::size_t i = 1; i < seen.size(); ++i) {
      worse = seen[i].second < best ? 0 : worse + 1;
      best = std::min(best, seen[i].second);
      EXPECT_EQ(worse == 3, i + 1 == seen.size()) << i;
    }
    EXPECT_EQ(loss(keep), std::string(keep) == "best" ? best : seen.back().second);
  }
}

TEST_F(Training, KeepsTheAverageThatItJudged) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  json recipe = program::small_wavenet();
  recipe["train"]["keep"] = "last";
  const json result = trained(recipe, "run");
  const auto seen = evaluations("run");
  EXPECT_EQ(seen.back().first, 30);
  EXPECT_EQ(loss("run"), seen.back().second);
  EXPECT_EQ(result["val"], seen.back().second);
  EXPECT_NE(loss("run/last.safetensors"), seen.back().second);  // the weights themselves
  const auto model = wavenet::train::read_checkpoint(folder_ / "run/model.safetensors");
  const auto last = wavenet::train::read_checkpoint(folder_ / "run/last.safetensors");
  for (const auto& [name, tensor] : model.tensors) {
    EXPECT_EQ(tensor.to_vector<float>(), last.tensors.at("train.ema." + name).to_vector<float>());
  }
}

TEST_F(Training, HasTheSameBitsForAnyThreads) {
  spit(folder_ / "words.txt", program::made_up_words(200));
  trained(program::small_wavenet(), "one", "--threads 1");
  trained(program::small_wavenet(), "two", "--threads 2");
  trained(program::small_wavenet(), "five", "--threads 5");
  for (const char* name : {"/model.safetensors", "/last.safetensors", "/metrics.jsonl"}) {
    EXPECT_FALSE(file("one" + std::string(name)).empty());
    EXPECT_EQ(file("two" + std::string(name)), file("one" + std::string(name))) << name;
    EXPECT_EQ(file("five" + std::string(name)), file("one" + std::string(name))) << name;
  }
}

TEST_F(Training, ResumesAfterAKillBitForBit) {
  spit(folder_ / "words.txt", program::made_up_words(600));
  json recipe = program::small_wavenet();
  recipe["model"]["residual"] = 48;  // slow enough to be killed between two evaluations
  recipe["model"]["skip"] = 72;
  recipe["train"]["batch_size"] = 64;
  trained(recipe, "whole", "--threads 1");
  std::int64_t step = 30;
  for (int attempt = 0; attempt < 20 && step == 30; ++attempt) {
    fs::remove_all(folder_ / "halves");
    program::Child child(arguments(recipe, "halves") + " --threads 2");
    const std::string last = folder_ / "halves/last.safetensors";
    const auto begun = [&] {
      return fs::exists(last) && wavenet::train::read_checkpoint(last).step > 0;
    };
    if (child.lived_until(begun)) {
      child.send(SIGKILL);
      step = child.wait() == 128 + SIGKILL ? wavenet::train::read_checkpoint(last).step : 30;
    }
  }
  ASSERT_TRUE(step == 12 || step == 24) << "killed after " << step;
  const json result = trained(recipe, "halves", "--threads 2 --resume");
  EXPECT_EQ(result["steps"], 30 - step);
  for (const char* name : {"/model.safetensors", "/last.safetensors", "/metrics.jsonl"}) {
    EXPECT_EQ(file("halves" + std::string(name)), file("whole" + std::string(name))) << name;
  }
}

// Constant rates, so that the number of steps asked for changes nothing before the end.
TEST_F(Training, ResumesWithMoreSteps) {
  spit(folder_ / "words.txt", program::made_up_words(200));
  for (const char* optimizer : {"adamw", "sgd"}) {
    for (const char* keep : {"best", "last"}) {
      json recipe = program::small_wavenet();
      recipe["train"]["schedule"] = "constant";
      recipe["train"]["optimizer"] = optimizer;
      recipe["train"]["keep"] = keep;
      if (optimizer == std::string("sgd")) {
        recipe["train"]["momentum"] = 0.9;
      }
      const std::string name = std::string(optimizer) + keep;
      trained(recipe, name + "-whole");
      trained(recipe, name + "-halves", "--steps 12");
      trained(recipe, name + "-halves", "--steps 30 --resume");
      for (const char* file_name : {"/model.safetensors", "/last.safetensors"}) {
        EXPECT_FALSE(file(name + "-whole" + file_name).empty()) << name << file_name;
        EXPECT_EQ(file(name + "-halves" + file_name), file(name + "-whole" + file_name))
            << name << file_name;
      }
    }
  }
}

TEST_F(Training, GoesOnInThePrecisionItBeganWith) {
  spit(folder_ / "words.txt", program::made_up_words(200));
  json recipe = program::small_wavenet();
  recipe["train"]["schedule"] = "constant";
  trained(recipe, "exact");
  trained(recipe, "whole", "--precision bf16");
  trained(recipe, "halves", "--precision bf16 --steps 12");
  trained(recipe, "halves", "--precision bf16 --steps 30 --resume");
  EXPECT_EQ(file("halves/model.safetensors"), file("whole/model.safetensors"));
  EXPECT_NE(file("exact/metrics.jsonl"), file("whole/metrics.jsonl"));
  trained(recipe, "exact", "--precision f32 --resume");  // as it is where nobody says so
}

TEST_F(Training, ReplacesEverythingOfTheRunBefore) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  json recipe = program::small_wavenet();
  recipe["train"]["schedule"] = "constant";
  trained(recipe, "run");
  ASSERT_TRUE(exists("run/last.safetensors"));
  recipe["train"]["keep"] = "last";
  recipe["train"]["ema"] = 0;
  trained(recipe, "run", "--overwrite");
  EXPECT_FALSE(exists("run/last.safetensors"));
  EXPECT_EQ(trained(recipe, "run", "--resume --steps 40")["steps"], 10);
}

TEST_F(Training, ResumesOnlyTheSameRun) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  json recipe = program::small_wavenet();
  trained(recipe, "run");
  const std::string model = file("run/model.safetensors");
  const std::string last = file("run/last.safetensors");
  expect_one_line(train(recipe, "run", "--resume --seed 7"), 1, "begun with: --seed is 7, was 42");
  expect_one_line(train(recipe, "run", "--resume --split-seed 7"), 1, "--split-seed is 7, was 42");
  expect_one_line(train(recipe, "run", "--resume --steps 20"), 1,
                  "its cosine schedule ends at 30 steps");
  json constant = recipe;
  constant["train"]["schedule"] = "constant";
  trained(constant, "constant");
  expect_one_line(train(constant, "constant", "--resume --steps 20"), 1, "30 steps already");
  recipe["train"]["clip"] = 2.0;
  expect_one_line(train(recipe, "run", "--resume"), 1, "train.clip is 2, was 1");
  recipe["train"]["clip"] = 1.0;
  spit(folder_ / "words.txt", program::made_up_words(101));
  expect_one_line(train(recipe, "run", "--resume"), 1, "has changed since the run was begun");
  EXPECT_EQ(file("run/model.safetensors"), model);
  EXPECT_EQ(file("run/last.safetensors"), last);
}

// Scripts that are told nothing else are told the verdicts.
TEST_F(Training, JsonHoldsTheVerdicts) {
  const auto result = [&](const std::string& more) {
    const program::Result trained = program::run(
        folder_, "train --json --quiet --recipe mlp-3 --steps 1200 --set train.eval_every=400 " +
                     more + " --overwrite --out " + (folder_ / "run"));
    EXPECT_EQ(trained.err, "");
    return json::parse(trained.out);
  };
  EXPECT_EQ(result("")["verdicts"], json::array());
  const json slow = result("--set train.learning_rate=0.00001")["verdicts"];
  ASSERT_EQ(slow.size(), 1U);
  EXPECT_EQ(slow[0]["verdict"], "not learning");
  EXPECT_NE(slow[0]["because"].get<std::string>().find("after 400 steps"), std::string::npos);
}

// A loss that is not finite, after some steps: what is left, for scripts.
TEST_F(Training, JsonSaysThatARunBrokeOff) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  json recipe = program::small_wavenet();
  recipe["train"].update({{"learning_rate", 1e4}, {"warmup", 0}, {"clip", 0}, {"eval_every", 1}});
  const Result result = train(recipe, "run");
  EXPECT_EQ(result.code, 1);
  const json told = json::parse(result.out);
  EXPECT_EQ(result.err, "wavenet: " + told["error"].get<std::string>() + "\n");
  EXPECT_NE(result.err.find("is not finite"), std::string::npos);
  EXPECT_EQ(told["model"], folder_ / "run/model.safetensors");
  EXPECT_LT(told["steps"], 30);
  ASSERT_FALSE(told["verdicts"].empty());
  EXPECT_EQ(told["verdicts"].back()["verdict"], "diverging");
  EXPECT_TRUE(std::isfinite(loss("run")));
}

// A short run of a recipe that warms up over 500 steps, and one of a recipe that drops the rate at
// step 150,000, as the user is told, once.
TEST_F(Training, WarnsOfAScheduleThatIsLongerThanTheRun) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  const auto told = [&](const std::string& more) {
    const Result result =
        program::run(folder_, "train --no-report --data " + (folder_ / "words.txt") + " --out " +
                                  (folder_ / "run") + " " + more);
    EXPECT_EQ(result.code, 0) << result.err;
    std::istringstream lines(result.err);
    std::string warnings;
    for (std::string line; std::getline(lines, line);) {
      warnings += line.find("learning rate") != std::string::npos ? line + "\n" : "";
    }
    return warnings;
  };
  EXPECT_EQ(
      told("--recipe wavenet-names --steps 30"),
      "warning: the learning rate grows over 500 steps (train.warmup), more than half of the run's "
      "30; "
      "try --set train.warmup=3\n");
  EXPECT_EQ(told("--resume"), "");
  EXPECT_EQ(told("--overwrite --recipe wavenet-names --steps 30 --set train.warmup=3"), "");
  EXPECT_EQ(told("--overwrite --recipe mlp-3 --steps 40"),
            "the learning rate drops at step 150000 (train.drop_at), which the run of 40 steps "
            "does not come to; "
            "try --set train.drop_at=30\n");
}

TEST_F(Training, RefusesABadRecipeBeforeItWritesAnything) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  struct Case {
    const char* part;
    const char* key;
    json value;
    const char* says;
  };
  const std::vector<Case> cases{
      {"model", "dilations", {1, 0, 4}, "model.dilations must be from 1 to 1048576, got 0"},
      {"model", "dilations", json::array(), "must name at least one dilation"},
      {"model", "dropout", 1, "model.dropout must be from 0 to 0.99, got 1"},
      {"model", "kind", "wavnet", "did you mean 'wavenet'?"},
      {"model", "dilation", {1, 2}, "did you mean 'model.dilations'?"},
      {"train", "keep", "bets", "'last' or 'best', got 'bets'; did you mean 'best'?"},
      {"train", "keep", "both", "'last' or 'best', got 'both'"},
      {"train", "optimizer", "adam", "did you mean 'adamw'?"},
      {"train", "optimizer", "rprop", "train.optimizer must be 'sgd' or 'adamw', got 'rprop'"},
      {"train", "schedule", "cosin", "did you mean 'cosine'?"},
      {"train", "momentum", 0.9, "no part of the program reads key 'train.momentum'"},
      {"train", "shards", 0, "train.shards must be from 1 to 1024, got 0"},
      {"train", "ema", 1, "train.ema must be from 0"},
      {"train", "patience", -1, "train.patience must be from 0"},
      {"train", "label_smoothing", 1, "train.label_smoothing must be from 0 to 0.99, got 1"},
      {"data", "format", "line", "did you mean 'lines'?"},
      {"data", "piece", 64, "no part of the program reads key 'data.piece'"},
      {"data", "dedup", "yes", "data.dedup expects true or false, got 'yes'"},
  };
  for (const Case& bad : cases) {
    json recipe = program::small_wavenet();
    recipe[bad.part][bad.key] = bad.value;
    expect_one_line(train(recipe, "run"), 2, bad.says);
    EXPECT_FALSE(exists("run")) << bad.part << "." << bad.key;
  }
}

TEST_F(Training, WarnsOfSkippedCharacters) {
  spit(folder_ / "words.txt", program::made_up_words(100));
  json recipe = program::small_wavenet();
  const auto warnings = [&](const std::vector<int>& dilations, const std::string& out) {
    recipe["model"]["dilations"] = dilations;
    spit(folder_ / "recipe.json", recipe.dump());
    const Result result = program::run(
        folder_, "train --steps 2 --set train.warmup=1 --recipe " + (folder_ / "recipe.json") +
                     " --data " + (folder_ / "words.txt") + " --out " + (folder_ / out));
    EXPECT_EQ(result.code, 0) << result.err;
    return result.err;
  };
  EXPECT_NE(warnings({1, 4}, "a").find("warning: model.dilations: dilation 4 skips"),
            std::string::npos);
  EXPECT_EQ(warnings({1, 2, 4}, "b").find("warning"), std::string::npos);
}

// --- words that stand twice

TEST_F(Training, TakesEqualWordsAsOneWhenAsked) {
  const std::string words = program::made_up_words(60);
  spit(folder_ / "words.txt", words + words + words);
  json recipe = program::small_wavenet();
  trained(recipe, "all");
  trained(recipe, "different", "--dedup");
  recipe["data"]["dedup"] = true;
  trained(recipe, "same");
  EXPECT_EQ(file("same/metrics.jsonl"), file("different/metrics.jsonl"));
  const auto judged = [&](const std::string& model) {
    std::int64_t tokens = 0;
    std::int64_t seen = 0;
    for (const char* part : {"train", "val", "test"}) {
      const Result result = program::run(
          folder_, std::string("eval --json --split ") + part + " " + (folder_ / model));
      EXPECT_EQ(result.code, 0);
      EXPECT_EQ(result.err, "");  // the split is that of the training
      const json record = json::parse(result.out);
      tokens += record["tokens"].get<std::int64_t>();
      seen += record.contains("leak") ? record["leak"]["seen"].get<std::int64_t>() : 0;
    }
    return std::pair{tokens, seen};
  };
  const auto size = static_cast<std::int64_t>(words.size());  // a newline a word, as an end
  EXPECT_EQ(judged("different"), (std::pair<std::int64_t, std::int64_t>(size, 0)));
  const auto [tokens, seen] = judged("all");
  EXPECT_EQ(tokens, 3 * size);
  EXPECT_GT(seen, 18);  // most of the 36 words that are judged
}

// --- counting

TEST_F(Training, CountsInPlaceOfTraining) {
  spit(folder_ / "words.txt", program::made_up_words(500));
  const std::string verb =
      "train --recipe ngram-6 --data " + (folder_ / "words.txt") + " --out " + (folder_ / "run");
  const Result result = program::run(folder_, verb + " --json");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["steps"], 0);
  for (const char* part : {"val", "test"}) {
    const json record = json::parse(
        program::run(folder_, std::string("eval --json --split ") + part + " " + (folder_ / "run"))
            .out);
    EXPECT_EQ(record["marks"]["ngram_order"], 6);
    EXPECT_NEAR(record["loss"].get<double>(), record["marks"]["ngram"].get<double>(), 1e-6);
    EXPECT_LT(record["loss"].get<double>(), record["marks"]["unigram"].get<double>());
  }
  const json scored =
      json::parse(program::run(folder_, "score --json " + (folder_ / "run") + " karomi").out);
  EXPECT_EQ(scored["tokens"], 7);
  double total = 0;
  for (const json& each : scored["losses"]) {
    EXPECT_GT(each.get<double>(), 0);
    total += each.get<double>();
  }
  EXPECT_NEAR(scored["loss"].get<double>(), total / 7, 1e-12);
  const Result sampled = program::run(folder_, "sample --json -n 5 " + (folder_ / "run"));
  EXPECT_EQ(sampled.code, 0) << sampled.err;
  EXPECT_EQ(program::records_of(sampled.out).size(), 5U);

  const std::string model = file("run/model.safetensors");
  expect_one_line(program::run(folder_, verb + " --resume"), 1,
                  "a counting model has nothing to resume");
  expect_one_line(program::run(folder_, verb + " --overwrite --steps 5"), 2,
                  "--steps: a model that counts takes no steps");
  EXPECT_EQ(file("run/model.safetensors"), model);
}

}  // namespace
