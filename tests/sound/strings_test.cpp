#include "wavenet/sound/strings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <set>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/base/crc32.h"
#include "wavenet/base/hash.h"

namespace wavenet::sound {
namespace {

// The amplitude at a frequency, under a Hann window.
double amplitude(std::span<const float> samples, double hertz, double rate) {
  std::complex<double> sum;
  const auto size = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i);
    const double window = 1 - std::cos(turn / size);
    sum += window * static_cast<double>(samples[i]) * std::polar(1.0, -turn * hertz / rate);
  }
  return std::abs(sum);
}

// Of the peak near `hertz`, by steps of a cent and a parabola through the three highest.
double cents_off(std::span<const float> samples, double hertz, double rate) {
  std::vector<double> levels;
  for (int cents = -40; cents <= 40; ++cents) {
    levels.push_back(std::log(amplitude(samples, hertz * std::exp2(cents / 1200.0), rate)));
  }
  const auto top = std::max_element(levels.begin() + 1, levels.end() - 1);
  const double bend = top[-1] - 2 * top[0] + top[1];
  return static_cast<double>(top - levels.begin()) - 40 + (top[-1] - top[1]) / (2 * bend);
}

TEST(Strings, ThePitchIsRight) {
  for (int note = 45; note <= 81; note += 2) {
    const double hertz = 440 * std::exp2((note - 69) / 12.0);
    const std::vector<float> samples = pluck({.hertz = hertz, .seconds = 1, .decay = 2}, 8000, 3);
    EXPECT_NEAR(cents_off(samples, hertz, 8000), 0, 3) << hertz;
  }
  const std::vector<float> fine = pluck({.hertz = 333.3, .seconds = 0.5, .decay = 2}, 44'100, 3);
  EXPECT_NEAR(cents_off(fine, 333.3, 44'100), 0, 3);
}

TEST(Strings, TheFundamentalFallsBySixtyDecibelsInTheDecay) {
  for (const double hertz : {110.0, 246.9, 440.0, 880.0}) {
    const double decay = 1.5;
    const std::vector<float> samples =
        pluck({.hertz = hertz, .seconds = 1, .decay = decay}, 8000, 5);
    const std::span<const float> all(samples);
    const double early = amplitude(all.subspan(800, 1600), hertz, 8000);
    const double late = amplitude(all.subspan(4800, 1600), hertz, 8000);
    EXPECT_NEAR(20 * std::log10(early / late), 60 * 0.5 / decay, 1) << hertz;
  }
}

TEST(Strings, NoLevelStandsStill) {
  const std::vector<float> samples = pluck({.hertz = 880, .seconds = 4, .decay = 1}, 8000, 1);
  EXPECT_EQ(samples.size(), 32'000U);
  for (std::size_t i = 31'000; i < samples.size(); ++i) {
    ASSERT_LT(std::abs(samples[i]), 1.0F / 4096) << i;
  }
}

TEST(Strings, RefuseWhatCannotRing) {
  EXPECT_THROW(pluck({.hertz = 19}, 8000, 1), Error);
  EXPECT_THROW(pluck({.hertz = 1001}, 8000, 1), Error);
  EXPECT_THROW(pluck({.hertz = NAN}, 8000, 1), Error);
  EXPECT_THROW(pluck({.hertz = 440, .seconds = 0}, 8000, 1), Error);
  EXPECT_THROW(pluck({.hertz = 440, .seconds = 1, .decay = 61}, 8000, 1), Error);
  EXPECT_THROW(pluck({}, 0, 1), Error);
  EXPECT_THROW(notes(7999), Error);
}

TEST(Notes, AreTwoMinutesOfClipsThatBeginInSilence) {
  const std::vector<Clip> clips = notes();
  ASSERT_EQ(clips.size(), 24U);
  std::vector<std::string> val;
  std::set<float> peaks;
  for (const Clip& clip : clips) {
    EXPECT_EQ(clip.samples.size(), 40'000U);
    EXPECT_TRUE(std::all_of(clip.samples.begin(), clip.samples.begin() + 400,
                            [](float x) { return x == 0; }));
    float peak = 0;
    for (const float x : clip.samples) {
      peak = std::max(peak, std::abs(x));
      ASSERT_EQ(x * 32768, std::round(x * 32768));
    }
    EXPECT_GE(peak, 0.39F) << clip.name;
    EXPECT_LE(peak, 0.9F) << clip.name;
    peaks.insert(peak);
    if (crc32(clip.name) % 10 == 0) {
      val.push_back(clip.name);
    }
  }
  EXPECT_GT(peaks.size(), 12U);
  EXPECT_EQ(val, (std::vector<std::string>{"notes/02", "notes/03"}));
}

std::string hash_of(const std::vector<Clip>& clips) {
  Fnv1a64 hash;
  for (const Clip& clip : clips) {
    hash.add(clip.name);
    for (const float x : clip.samples) {
      const auto whole = static_cast<std::int32_t>(x * 32768);
      const char bytes[] = {static_cast<char>(whole & 0xFF), static_cast<char>(whole >> 8)};
      hash.add(bytes, 2);
    }
  }
  return hash.hex();
}

// The data set of a recipe: another compiler or machine must make the same.
TEST(Notes, AreTheSameSamplesEverywhere) {
  EXPECT_EQ(hash_of(notes()), "d07346fd5f627754");
  EXPECT_NE(hash_of(notes(8000, 2)), hash_of(notes()));
  EXPECT_EQ(notes(16'000).front().samples.size(), 80'000U);
}

}  // namespace
}  // namespace wavenet::sound
