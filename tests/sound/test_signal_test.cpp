#include "wavenet/sound/test_signal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "wavenet/base/hash.h"

namespace wavenet::sound {
namespace {

using Span = std::span<const float>;

const std::vector<float>& made() {
  static const std::vector<float> signal = test_signal();
  return signal;
}

Span part(SignalPlace place) {
  const auto [name, begin, end] = signal_parts()[place];
  return Span(made()).subspan(static_cast<std::size_t>(begin),
                              static_cast<std::size_t>(end - begin));
}

double rms(Span samples) {
  double energy = 0;
  for (const float x : samples) {
    energy += static_cast<double>(x) * static_cast<double>(x);
  }
  return std::sqrt(energy / static_cast<double>(samples.size()));
}

bool is_silent(Span samples) {
  return std::all_of(samples.begin(), samples.end(), [](float x) { return x == 0; });
}

TEST(TestSignal, ItsPartsFollowEachOther) {
  std::int64_t at = 0;
  for (const auto& [name, begin, end] : signal_parts()) {
    EXPECT_EQ(begin, at) << name;
    EXPECT_LT(begin, end) << name;
    at = end;
  }
  EXPECT_EQ(at, kSignalSamples);
  EXPECT_EQ(std::ssize(made()), kSignalSamples);
}

TEST(TestSignal, WhatIsJudgedComesTwice) {
  EXPECT_TRUE(std::ranges::equal(part(kJudged), part(kJudgedAgain)));
  EXPECT_GT(rms(part(kJudged)), 0.01);
}

TEST(TestSignal, SilenceIsSilent) {
  EXPECT_TRUE(is_silent(part(kQuiet)));
  EXPECT_TRUE(is_silent(part(kPause)));
}

TEST(TestSignal, BlipsAreAlone) {
  const std::int64_t begin = signal_parts()[kBlips].begin;
  std::vector<std::int64_t> heard;
  for (std::int64_t i = 0; i < std::ssize(part(kBlips)); ++i) {
    if (part(kBlips)[static_cast<std::size_t>(i)] != 0) {
      heard.push_back(begin + i);
    }
  }
  EXPECT_EQ(heard, std::vector<std::int64_t>(kBlipsAt.begin(), kBlipsAt.end()));
}

TEST(TestSignal, EverySampleFitsIntoTwentyFourBits) {
  for (const float x : made()) {
    const float level = x * (1 << 23);
    ASSERT_EQ(level, std::round(level));
    ASSERT_LT(std::abs(x), 0.99F);
  }
}

// 20 Hz times 1000^(t / 1.5 s), by the times at which it rises through zero.
TEST(TestSignal, SweepsGoFrom20HzTo20KilohertzInEqualOctaves) {
  const Span sweep = part(kSweeps).first(72'000);
  const auto crossing_after = [&](double seconds) {
    auto i = static_cast<std::size_t>(seconds * kSignalRate);
    while (!(sweep[i] < 0 && sweep[i + 1] >= 0)) {
      ++i;
    }
    const auto low = static_cast<double>(sweep[i]);
    const auto high = static_cast<double>(sweep[i + 1]);
    return static_cast<double>(i) - low / (high - low);
  };
  for (const double seconds : {0.3, 0.6, 0.9, 1.2}) {
    const double first = crossing_after(seconds);
    const double second = crossing_after((first + 2) / kSignalRate);
    const double middle = (first + second) / 2 / kSignalRate;
    EXPECT_NEAR(kSignalRate / (second - first) / (20 * std::pow(1000, middle / 1.5)), 1, 0.01)
        << seconds;
  }
  EXPECT_NEAR(rms(sweep.subspan(20'000, 40'000)), 0.1 / std::sqrt(2), 2e-4);
  EXPECT_NEAR(rms(part(kSweeps).subspan(92'000, 40'000)), 0.8 / std::sqrt(2), 2e-3);
}

// Uniform noise within a has the RMS a / sqrt(3).
TEST(TestSignal, NoiseRisesBySixDecibels) {
  const std::size_t length = part(kNoise).size() / 8;
  for (std::size_t i = 0; i < 8; ++i) {
    const double expected = 0.9 / std::sqrt(3) / static_cast<double>(1 << (7 - i));
    EXPECT_NEAR(rms(part(kNoise).subspan(i * length, length)) / expected, 1, 0.02) << i;
  }
}

TEST(TestSignal, PlayingIsSoftAndLoud) {
  std::vector<double> levels;
  for (std::size_t first = 0; first + 24'000 <= part(kPlaying).size(); first += 24'000) {
    levels.push_back(rms(part(kPlaying).subspan(first, 24'000)));
  }
  std::sort(levels.begin(), levels.end());
  EXPECT_GT(levels[levels.size() * 19 / 20], 10 * levels[levels.size() / 20]);  // 20 dB
  EXPECT_GT(levels.back(), 0.1);
}

}  // namespace
}  // namespace wavenet::sound
