// wavenet bench: a record for every job of every kind of model, whose numbers fit each other.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/program/run.h"

namespace {

using program::Result;

TEST(Bench, MeasuresEveryJobOfARecipe) {
  const program::Folder folder;
  for (const std::string recipe : {"mlp-3", "tree-22k", "wavenet-names"}) {
    const Result result =
        program::run(folder, "bench --json --seconds 0.05 --threads 1 --recipe " + recipe);
    ASSERT_EQ(result.code, 0) << result.err;
    const auto record = nlohmann::json::parse(result.out);
    EXPECT_GT(record["peak_gflops"].get<double>(), 0.1);
    EXPECT_GT(record["peak_memory_mb"].get<double>(), 1);
    for (const char* job : {"train", "evaluate", "stream", "sample"}) {
      EXPECT_GT(record[job]["characters_per_second"].get<double>(), 10) << recipe << " " << job;
    }
    const auto& train = record["train"];
    EXPECT_NEAR(train["ms_per_step"].get<double>() * train["steps_per_second"].get<double>(), 1000,
                1e-6);
    EXPECT_NEAR(train["percent_of_peak"].get<double>(),
                100 * train["gflops"].get<double>() / record["peak_gflops"].get<double>(), 1e-9);
    EXPECT_LT(train["percent_of_peak"].get<double>(), 130);  // the peak is measured, not known
    const auto& stream = record["stream"];
    EXPECT_NEAR(stream["percent_of_peak"].get<double>(),
                100 * stream["gflops"].get<double>() / record["peak_gflops"].get<double>(), 1e-9);
    EXPECT_LT(stream["percent_of_peak"].get<double>(), 130) << recipe;
  }
}

TEST(Bench, DoesTheJobsAskedForAloneAndPrintsThem) {
  const program::Folder folder;
  const Result result =
      program::run(folder, "bench --seconds 0.02 --job stream --job sample --recipe mlp-3");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("stream"), std::string::npos);
  EXPECT_NE(result.out.find("sample"), std::string::npos);
  EXPECT_EQ(result.out.find("evaluate"), std::string::npos) << result.out;
}

TEST(Bench, ConvertedModelIsNotTrained) {
  const program::Folder folder;
  const std::string tree = folder / "tree";
  ASSERT_EQ(
      program::run(folder, "train --quiet --json --recipe tree-22k --steps 2 --out " + tree).code,
      0);
  const std::string converted = folder / "converted.safetensors";
  ASSERT_EQ(program::run(folder, "convert " + tree + " --to convolution --out " + converted).code,
            0);
  const Result result = program::run(folder, "bench --json --seconds 0.02 " + converted);
  ASSERT_EQ(result.code, 0) << result.err;
  const auto record = nlohmann::json::parse(result.out);
  EXPECT_FALSE(record.contains("train"));
  EXPECT_TRUE(record.contains("stream"));
}

TEST(Bench, BadArguments) {
  const program::Folder folder;
  program::expect_one_line(
      program::run(folder, "bench --job trian"), 2,
      "--job: must be train, evaluate, stream, sample, got 'trian'; did you mean 'train'?");
  program::expect_one_line(program::run(folder, "bench --seconds 0"), 2,
                           "--seconds: must be above 0 and at most 3600, got 0");
  program::expect_one_line(program::run(folder, "bench --recipe ngram-6"), 1,
                           "bench: a counting model takes no steps");
}

// A run's minibatches begin where it ended.
TEST(Bench, MeasuresARunThatIsTrained) {
  const program::Folder folder;
  const std::string trained = folder / "run";
  const std::string how = "train --quiet --recipe mlp-3 --steps 30 --no-report --out ";
  ASSERT_EQ(program::run(folder, how + trained).code, 0);
  const Result result = program::run(folder, "bench --json --seconds 0.02 --job train " + trained);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out)["train"]["precision"], "f32");
}

TEST(Bench, SaysWhatItMeasuredInBf16) {
  const program::Folder folder;
  const Result result = program::run(
      folder, "bench --seconds 0.02 --job train --recipe mlp-3 --precision bf16 --threads 1");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("in bf16 on 1 thread"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("of the f32 peak"), std::string::npos) << result.out;
  program::expect_one_line(program::run(folder, "bench --set train.precision=f32 --precision bf16"),
                           2, "train.precision is given twice");
}

}  // namespace
