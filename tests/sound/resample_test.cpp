// Resampling against closed forms: a sine stays that sine, and what the new rate cannot hold is gone.
#include "wavenet/sound/resample.h"

#include <algorithm>
#include <limits>

#include "sounds.h"

namespace wavenet::sound {
namespace {

struct Rates {
  std::int64_t from;
  std::int64_t to;
};
constexpr Rates kRates[] = {{44100, 16000}, {48000, 16000}, {48000, 8000}, {8000, 16000},
                            {16000, 22050}, {22050, 8000},  {8000, 48000}, {11025, 16000}};

// Away from both ends, where the silence outside shows.
std::span<const float> middle(std::span<const float> samples) {
  return samples.subspan(samples.size() / 4, samples.size() / 2);
}

double rms_of(std::span<const float> samples) {
  double power = 0;
  for (const float x : samples) {
    power += static_cast<double>(x) * static_cast<double>(x);
  }
  return std::sqrt(2 * power / static_cast<double>(samples.size()));  // a sine's amplitude
}

TEST(Resample, ASineInThePassBandKeepsLevelAndPlace) {
  for (const Rates& rates : kRates) {
    const double highest = static_cast<double>(std::min(rates.from, rates.to)) / 2;
    for (const double share : {0.01, 0.1, 0.5, 0.8, 0.9}) {
      const double hertz = share * highest;
      const auto from = static_cast<double>(rates.from);
      const auto to = static_cast<double>(rates.to);
      const auto out = resample(sine(hertz, from, static_cast<std::size_t>(rates.from), 0.5),
                                rates.from, rates.to);
      const Tone tone = tone_of(middle(out), hertz, to, static_cast<double>(out.size() / 4));
      EXPECT_NEAR(20 * std::log10(tone.amplitude / 0.5), 0, 0.1)
          << from << " " << to << " " << hertz;
      EXPECT_NEAR(tone.delay, 0, 1e-3) << from << " " << to << " " << hertz;
    }
  }
}

TEST(Resample, WhatTheNewRateCannotHoldIsGone) {
  for (const Rates& rates : kRates) {
    const double highest = static_cast<double>(rates.to) / 2;
    for (const double share : {1.03, 1.1, 1.3, 1.6, 1.9, 2.7}) {
      const double hertz = share * highest;
      if (2 * hertz < static_cast<double>(rates.from)) {
        const auto out = resample(
            sine(hertz, static_cast<double>(rates.from), static_cast<std::size_t>(rates.from), 1),
            rates.from, rates.to);
        EXPECT_LT(20 * std::log10(rms_of(middle(out))), -90)
            << rates.from << " " << rates.to << " " << hertz;
      }
    }
  }
}

// Going up, the images of a sine above the old half rate are aliases too.
TEST(Resample, GoingUpAddsNoImages) {
  for (const Rates& rates : kRates) {
    if (rates.to > rates.from) {
      const auto from = static_cast<double>(rates.from);
      const double hertz = 0.4 * from;
      const auto out = resample(sine(hertz, from, static_cast<std::size_t>(rates.from), 1),
                                rates.from, rates.to);
      std::vector<float> rest(out.begin(), out.end());
      for (std::size_t i = 0; i < rest.size(); ++i) {
        const double turn =
            2 * std::numbers::pi * hertz * static_cast<double>(i) / static_cast<double>(rates.to);
        rest[i] -= static_cast<float>(std::sin(turn));
      }
      EXPECT_LT(20 * std::log10(rms_of(middle(rest))), -90) << rates.from << " " << rates.to;
    }
  }
}

TEST(Resample, AnImpulseStaysWhereItWas) {
  std::vector<float> impulse(2000);
  impulse[1000] = 1;
  for (const Rates& rates : {Rates{8000, 16000}, Rates{16000, 8000}, Rates{8000, 24000}}) {
    const auto out = resample(impulse, rates.from, rates.to);
    const auto peak =
        static_cast<std::size_t>(std::max_element(out.begin(), out.end()) - out.begin());
    EXPECT_EQ(peak, static_cast<std::size_t>(1000 * rates.to / rates.from));
    for (std::size_t i = 1; i < 100; ++i) {
      EXPECT_NEAR(out[peak - i], out[peak + i], 1e-6) << i;
    }
  }
}

TEST(Resample, TheLengthIsThatOfTheSameTime) {
  for (const Rates& rates : kRates) {
    for (const std::int64_t n : {0, 1, 2, 3, 7, 100, 4095, 4096, 4097, 12345}) {
      const auto out =
          resample(std::vector<float>(static_cast<std::size_t>(n), 0.25F), rates.from, rates.to);
      const double exact =
          static_cast<double>(n) * static_cast<double>(rates.to) / static_cast<double>(rates.from);
      EXPECT_EQ(static_cast<double>(out.size()), std::floor(exact + 0.5)) << rates.from << " " << n;
    }
  }
}

// A converter whose buffers are too small loses what it was given, and says nothing.
TEST(Resample, NothingIsLostAtTheLargestRatios) {
  for (const Rates& rates : {Rates{1000, 256000}, Rates{256000, 1000}, Rates{192000, 8000}}) {
    const auto n = static_cast<std::size_t>(rates.from * 2);
    const double hertz = 0.1 * static_cast<double>(std::min(rates.from, rates.to));
    const auto out =
        resample(sine(hertz, static_cast<double>(rates.from), n, 0.5), rates.from, rates.to);
    EXPECT_EQ(out.size(), static_cast<std::size_t>(rates.to * 2));
    const Tone tone = tone_of(middle(out), hertz, static_cast<double>(rates.to),
                              static_cast<double>(out.size() / 4));
    EXPECT_NEAR(tone.amplitude, 0.5, 0.005);
  }
}

TEST(Resample, BlocksOfAnySizeMakeOneSound) {
  const std::vector<float> samples = sine(440, 44100, 30000, 0.7);
  const std::vector<float> whole = resample(samples, 44100, 16000);
  for (const std::size_t size : {1U, 17U, 4096U, 5000U}) {
    std::vector<float> parts;
    const Sink keep = [&](std::span<const float> block) {
      parts.insert(parts.end(), block.begin(), block.end());
    };
    Resampler resampler(44100, 16000);
    for (std::size_t i = 0; i < samples.size(); i += size) {
      resampler.push(std::span(samples).subspan(i, std::min(size, samples.size() - i)), keep);
    }
    resampler.finish(keep);
    EXPECT_EQ(parts, whole) << size;
  }
}

TEST(Resample, TheSameRateChangesNothing) {
  const std::vector<float> samples{0.1F, -2.5F, 1.0F, 0.0F};
  EXPECT_EQ(resample(samples, 8000, 8000), samples);
}

// What lies between the samples may be more than they are: who keeps 16 bits has to clamp.
TEST(Resample, ALoudSquareOvershoots) {
  std::vector<float> square(48000);
  for (std::size_t i = 0; i < square.size(); ++i) {
    square[i] = i / 240 % 2 == 0 ? 1.0F : -1.0F;
  }
  const auto out = resample(square, 48000, 16000);
  EXPECT_GT(*std::max_element(out.begin(), out.end()), 1.1F);
}

TEST(Resample, RefusesWhatIsNoSound) {
  const Sink none = [](std::span<const float>) {};
  Resampler resampler(44100, 16000);
  resampler.push(std::vector<float>(100), none);
  std::vector<float> bad(10);
  bad[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(problem_of([&] { resampler.push(bad, none); }),
            "resample: sample 103 is nan, and sound consists of finite numbers");
  bad[3] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(problem_of([&] { resample(bad, 8000, 8000); }),
            "resample: sample 3 is -inf, and sound consists of finite numbers");
  EXPECT_EQ(problem_of([] { Resampler(0, 8000); }),
            "resample: a rate must be 1 to 1048576 samples a second, got 0");
  EXPECT_EQ(problem_of([] { Resampler(8000, -1); }),
            "resample: a rate must be 1 to 1048576 samples a second, got -1");
  EXPECT_EQ(problem_of([] { Resampler(100, 25601); }),
            "resample: 100 and 25601 samples a second are more than 256 times apart");
}

}  // namespace
}  // namespace wavenet::sound
