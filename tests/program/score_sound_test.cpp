// wavenet score of files of sound: nats a sample that are known beforehand, and what is said.
#include <gtest/gtest.h>

#include "tests/program/sound_model.h"
#include "wavenet/ops/create.h"

namespace {

using namespace program;

// Knows how often each code comes and nothing of what was before: code v has the odds (1 + v) / sum.
double nats_of(std::int32_t code) {
  return std::log(256.0 * 257 / 2) - std::log(1.0 + static_cast<double>(code));
}

void write_model_of_odds(const std::string& path) {
  const Config recipe = Config::parse(
      R"({"model": {"kind": "wavenet", "embedding": 4, "residual": 4, "skip": 4,
                    "dilations": [1, 600]}})",
      "recipe");
  Rng rng(1);
  const auto model = models::build(recipe, {sound::kCodes, sound::kSilence}, rng);
  for (const auto& [name, tensor] : model->parameters()) {
    for (std::int64_t i = 0; name.starts_with("head.") && i < tensor.numel(); ++i) {
      tensor.data<float>()[i] =
          name == "head.bias" ? static_cast<float>(std::log(1.0 + static_cast<double>(i))) : 0;
    }
  }
  write_model(path, recipe, *model);
}

class ScoredSound : public testing::Test {
 protected:
  void SetUp() override {
    write_model_of_odds(folder_ / "m.safetensors");
    low_ = sine(200, 0.5);
    high_ = sine(333, 1.2345);
    sound::write_wav(folder_ / "low.wav", low_, kRate);
    sound::write_wav(folder_ / "high.wav", high_, kRate);
  }
  Result score(const std::string& files) {
    return program::run(folder_, "score " + (folder_ / "m.safetensors") + " " + files);
  }
  static double mean_of(const std::vector<float>& samples, std::size_t first, std::size_t count) {
    const auto codes = codes_of(samples);
    double sum = 0;
    for (std::size_t i = first; i < first + count; ++i) {
      sum += nats_of(codes[i]);
    }
    return sum / static_cast<double>(count);
  }
  static double mean_of(const std::vector<float>& samples) {
    return mean_of(samples, 0, samples.size());
  }
  std::vector<float> low_;
  std::vector<float> high_;
  Folder folder_;
};

TEST_F(ScoredSound, EachFileAndAllTogether) {
  const Result result = score("--json " + (folder_ / "low.wav") + " " + (folder_ / "high.wav"));
  ASSERT_EQ(result.code, 0) << result.err;
  const auto records = records_of(result.out);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["file"], folder_ / "low.wav");
  EXPECT_EQ(records[0]["samples"], 4000);
  EXPECT_EQ(records[0]["seconds"], 0.5);
  EXPECT_NEAR(records[0]["loss"], mean_of(low_), 1e-5);
  EXPECT_NEAR(records[0]["bits"], mean_of(low_) / std::log(2), 1e-5);
  EXPECT_EQ(records[1]["samples"], 9876);
  EXPECT_NEAR(records[1]["loss"], mean_of(high_), 1e-5);
  EXPECT_EQ(records[2]["files"], 2);
  EXPECT_EQ(records[2]["samples"], 13'876);
  EXPECT_NEAR(records[2]["loss"], (4000 * mean_of(low_) + 9876 * mean_of(high_)) / 13'876, 1e-5);
}

TEST_F(ScoredSound, IsToldInALineAFile) {
  const Result one = score(folder_ / "low.wav");
  EXPECT_EQ(one.out, fmt::format("{:.4f} nats  {:.4f} bits  4000 samples  0.500 s  {}\n",
                                 mean_of(low_), mean_of(low_) / std::log(2), folder_ / "low.wav"));
  EXPECT_EQ(one.err, "");
}

// A value for each 10 ms, the last shorter.
TEST_F(ScoredSound, ACurveHasAValueForEach10Ms) {
  const Result result = score("--json --curve " + (folder_ / "high.wav"));
  const json curve = json::parse(result.out)["curve"];
  ASSERT_EQ(curve.size(), 124U);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    EXPECT_NEAR(curve[i]["time"], static_cast<double>(i) / 100, 1e-12);
    EXPECT_NEAR(curve[i]["loss"], mean_of(high_, 80 * i, i + 1 < curve.size() ? 80 : 9876 - 80 * i),
                1e-5)
        << i;
  }
  const std::string lines = score("--curve " + (folder_ / "low.wav")).out;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 51);
  EXPECT_NE(lines.find(fmt::format("\n  0.49  {:.4f}\n", mean_of(low_, 3920, 80))),
            std::string::npos)
      << lines;
}

TEST_F(ScoredSound, AnotherRateIsResampledAndSaid) {
  sound::write_wav(folder_ / "fast.wav", sine(200, 0.5, 16'000), 16'000);
  const Result result = score("--json " + (folder_ / "fast.wav"));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("fast.wav: resampled from 16000 to the model's 8000 samples a second"),
            std::string::npos);
  EXPECT_EQ(json::parse(result.out)["samples"], 4000);
  // Equal but for the edges, where sound sets in at once.
  EXPECT_NEAR(json::parse(result.out)["loss"], mean_of(low_), 0.05);
}

TEST_F(ScoredSound, AFileThatIsNoneEndsOnlyItsLine) {
  spit(folder_ / "text.wav", "hello");
  const std::string files =
      (folder_ / "text.wav") + " " + (folder_ / "low.wav") + " " + (folder_ / "nosuch.wav");
  const Result result = score(files);
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out;
  EXPECT_NE(result.err.find("wavenet: score: 2 of 3 files could not be scored\n"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("text.wav"), std::string::npos);
  const auto records = records_of(score("--json " + files).out);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_TRUE(records[0].contains("error") && records[2].contains("error"));
  expect_one_line(score(folder_ / "text.wav"), 1, "text.wav");
  expect_one_line(score("</dev/null"), 2, "no file of sound is named");
}

}  // namespace
