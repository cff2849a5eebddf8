// wavenet play and bench of an amplifier's model: what comes out as WAV and as raw samples, what is said.
#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/program/run.h"
#include "wavenet/nam/write.h"
#include "wavenet/sound/read.h"
#include "wavenet/sound/write.h"

namespace {

using namespace program;
using namespace wavenet;

// Twice as loud, and once more 2 samples later.
nam::Model echo(std::optional<double> rate = 8000) {
  return {.sample_rate = rate, .net = nam::Linear{.impulse = {2, 0, 1}, .bias = 0}};
}

class Play : public testing::Test {
 protected:
  void SetUp() override {
    nam::write(folder_ / "echo.nam", echo());
    sound::write_wav(folder_ / "in.wav", in_, 8000, sound::Sample::float32);
  }
  Result play(const std::string& arguments) {
    return program::run(folder_, "play " + (folder_ / "echo.nam") + " " + arguments);
  }
  std::vector<float> out(const std::string& name = "out.wav") {
    return sound::read_all(folder_ / name);
  }
  std::vector<float> floats(const std::string& bytes) {
    std::vector<float> numbers(bytes.size() / sizeof(float));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
    return numbers;
  }

  Folder folder_;
  const std::vector<float> in_{0.25F, 0, -0.125F, 0, 0.0625F};
  const std::vector<float> answer_{0.5F, 0, 0, 0, 0};
};

TEST_F(Play, WritesFloatsAsLongAsTheSound) {
  const Result result =
      play((folder_ / "in.wav") + " -o " + (folder_ / "out.wav") + " --json --quiet");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(out(), answer_);
  const auto told = nlohmann::json::parse(result.out);
  EXPECT_EQ(told["samples"], 5);
  EXPECT_EQ(told["rate"], 8000);
  EXPECT_NEAR(told["peak_dbfs"].get<double>(), -6.0206, 1e-4);
  EXPECT_NEAR(told["rms_dbfs"].get<double>(), -13.0103, 1e-4);
  EXPECT_EQ(told["beyond_full_scale"], 0);
}

TEST_F(Play, WritesSixteenBitsAndTellsOfClipping) {
  sound::write_wav(folder_ / "loud.wav", std::vector<float>{0.75F, -0.25F}, 8000);
  const Result result =
      play((folder_ / "loud.wav") + " -o " + (folder_ / "out.wav") + " --bits 16");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("1 samples lie beyond full scale and were clipped"), std::string::npos)
      << result.err;
  EXPECT_EQ(out(), (std::vector<float>{32767.0F / 32768, -0.5F}));
}

TEST_F(Play, ResamplesToTheModelsRateAndSaysSo) {
  sound::write_wav(folder_ / "fast.wav", std::vector<float>(16'000), 16'000);
  const Result result = play((folder_ / "fast.wav") + " -o " + (folder_ / "out.wav"));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("resampled from 16000 to the model's 8000 samples a second"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(out().size(), 8000U);
}

TEST_F(Play, GoesFromPipeToPipe) {
  spit(folder_ / "raw", {reinterpret_cast<const char*>(in_.data()), in_.size() * sizeof(float)});
  const Result floats_out = play("--stdin f32 < " + (folder_ / "raw"));
  ASSERT_EQ(floats_out.code, 0) << floats_out.err;
  EXPECT_EQ(floats(floats_out.out), answer_);

  const std::vector<std::int16_t> shorts{8192, 0, -4096, 0};
  spit(folder_ / "short",
       {reinterpret_cast<const char*>(shorts.data()), shorts.size() * sizeof(std::int16_t)});
  const Result shorts_out = play("--stdin s16 < " + (folder_ / "short"));
  ASSERT_EQ(shorts_out.code, 0) << shorts_out.err;
  const std::vector<std::int16_t> expected{16384, 0, 0, 0};
  EXPECT_EQ(shorts_out.out,
            std::string(reinterpret_cast<const char*>(expected.data()), 2 * expected.size()));
}

TEST_F(Play, RefusesWhatItCannotPlay) {
  const std::string in = folder_ / "in.wav";
  expect_one_line(play(in), 2, "play: needs --out FILE");
  expect_one_line(play("-o " + (folder_ / "out.wav")), 2, "play: needs a FILE of sound");
  expect_one_line(play(in + " -o out.mp3"), 2, "must end in .wav, got 'out.mp3'");
  expect_one_line(play(in + " -o " + in), 1, "already there; replace it with --overwrite");
  expect_one_line(play(in + " -o " + (folder_ / "out.wav") + " --size 2"), 2, "[0, 1], got 2");
  const float bad[]{0.5F, std::numeric_limits<float>::quiet_NaN()};
  spit(folder_ / "raw", {reinterpret_cast<const char*>(bad), sizeof(bad)});
  expect_one_line(play("--stdin f32 < " + (folder_ / "raw")), 1,
                  "standard input: sample 1 is no finite number");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.wav"));
}

TEST_F(Play, BenchTellsTheTimeOfABlock) {
  const Result result =
      program::run(folder_, "bench --json --seconds 0.02 --block 16 " + (folder_ / "echo.nam"));
  ASSERT_EQ(result.code, 0) << result.err;
  const auto told = nlohmann::json::parse(result.out);
  EXPECT_EQ(told["block"], 16);
  EXPECT_GT(told["us_per_block"].get<double>(), 0);
  EXPECT_GE(told["us_rare"].get<double>(), told["us_per_block"].get<double>());
  EXPECT_GE(told["us_worst"].get<double>(), told["us_rare"].get<double>());
  EXPECT_NEAR(told["real_time_factor"].get<double>() * told["us_per_block"].get<double>(), 2000,
              1e-6);
  expect_one_line(program::run(folder_, "bench --job train " + (folder_ / "echo.nam")), 2,
                  "bench: --job is for a model of words, text or sound");
}

}  // namespace
