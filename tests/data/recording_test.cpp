#include "wavenet/data/audio/recording.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pairs.h"
#include "wavenet/base/rng.h"

namespace wavenet::data {
namespace {

using RecordingFiles = InFolder;

std::vector<float> shaken(std::vector<float> samples, double by) {
  Rng rng(7);
  for (float& x : samples) {
    x += static_cast<float>(by * (2 * rng.uniform_double() - 1));
  }
  return samples;
}

TEST(Plan, TheTestSignalFollowsIt) {
  EXPECT_TRUE(follows_plan(signal(), 48'000));
  EXPECT_TRUE(follows_plan(short_plan(signal()), 48'000));
  std::vector<float> coarse = signal();
  for (float& x : coarse) {
    x = std::round(x * 32'768) / 32'768;
  }
  EXPECT_TRUE(follows_plan(coarse, 48'000));
}

TEST(Plan, OthersDoNot) {
  EXPECT_FALSE(follows_plan(signal(), 44'100));
  EXPECT_FALSE(follows_plan(std::vector<float>(9'000'000), 48'000));
  EXPECT_FALSE(follows_plan(later(signal(), 2000), 48'000));
  EXPECT_FALSE(follows_plan(shaken(signal(), 0.001), 48'000));
  EXPECT_FALSE(follows_plan(std::span<const float>(signal()).first(100'000), 48'000));
  std::vector<float> other_end = signal();
  other_end[other_end.size() - 100'000] += 0.1F;
  EXPECT_FALSE(follows_plan(other_end, 48'000));
}

// One sample less than the delay, as the plan's trainers have it.
TEST_F(RecordingFiles, BlipsTellTheLatency) {
  const std::vector<float> in = short_plan(signal());
  const std::vector<float> out = short_plan(answer());
  for (const std::ptrdiff_t delay : {0, 1, 241, -3}) {
    const Recording recording = read_recording(written_pair(folder_, in, later(out, delay)));
    ASSERT_TRUE(recording.planned);
    EXPECT_TRUE(refusals(recording).empty());
    const auto latency = latency_of(recording);
    ASSERT_TRUE(latency.has_value());
    EXPECT_EQ(latency->samples, delay - 1);
    EXPECT_EQ(latency->from, "blips");
  }
}

TEST_F(RecordingFiles, NoiseDoesNotHideTheBlips) {
  const std::vector<float> in = short_plan(signal());
  const Recording recording =
      read_recording(written_pair(folder_, in, shaken(later(short_plan(answer()), 77), 0.002)));
  EXPECT_EQ(latency_of(recording)->samples, 76);
}

TEST_F(RecordingFiles, WithoutThePlanCorrelationTellsTheLatency) {
  const std::vector<float> in(signal().begin() + 900'000, signal().begin() + 2'000'000);
  for (const std::ptrdiff_t delay : {0, 333}) {
    const Recording recording =
        read_recording(written_pair(folder_, in, later(amplified(in, 48'000), delay)));
    EXPECT_FALSE(recording.planned);
    const auto latency = latency_of(recording);
    ASSERT_TRUE(latency.has_value());
    EXPECT_EQ(latency->samples, delay - 1);
    EXPECT_EQ(latency->from, "correlation");
  }
}

class Refused : public InFolder {
 protected:
  std::string rules(std::span<const float> in, std::span<const float> out) {
    std::string all;
    for (const Refusal& refusal : refusals(read_recording(written_pair(folder_, in, out)))) {
      all += refusal.rule + ": " + refusal.what + "\n";
    }
    return all;
  }
  std::vector<float> in_ = amplified(std::vector<float>(48'000, 0.1F), 48'000);
};

TEST_F(Refused, ByLength) {
  const std::span<const float> in(in_);
  EXPECT_EQ(rules(in, in), "");
  EXPECT_EQ(rules(in, in.first(47'990)), "lengths: is 10 samples shorter than the input\n");
  std::vector<float> longer(96'000, 0.1F);
  EXPECT_EQ(rules(in, longer), "");
  longer.push_back(0);
  EXPECT_EQ(rules(in, longer),
            "lengths: is 48001 samples longer than the input, at most 48000 are allowed\n");
}

TEST_F(Refused, ByLevel) {
  std::vector<float> out = in_;
  out[24'000] = -1;
  EXPECT_EQ(rules(in_, out), "clipped output: reaches full scale: 1.0000\n");
  EXPECT_EQ(rules(in_, std::vector<float>(in_.size())), "silent: holds nothing but silence\n");
}

TEST_F(Refused, ByRate) {
  const std::string paths = written_pair(folder_, in_, in_);
  sound::write_wav(folder_ / "out.wav", in_, 44'100);
  const std::vector<Refusal> all = refusals(read_recording(paths));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].what, "has 44100 samples a second, the input 48000");
  EXPECT_EQ(all[0].file, (folder_ / "out.wav").string());
}

TEST_F(Refused, UnlessThereAreTwoFiles) {
  written_pair(folder_, in_, in_);
  EXPECT_EQ(problem_of([&] { read_recording((folder_ / "in.wav").string()); }),
            "an amplifier is recorded in two files, IN.wav,OUT.wav with a comma between; '" +
                (folder_ / "in.wav").string() + "' names 1");
}

}  // namespace
}  // namespace wavenet::data
