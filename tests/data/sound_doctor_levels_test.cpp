// Levels, DC, silence, clipping and channels against closed forms, where each fault was put in by hand.
#include "tests/data/sound_doctor.h"
#include "wavenet/data/audio/doctor/channels.h"
#include "wavenet/data/audio/doctor/clipping.h"
#include "wavenet/data/audio/doctor/levels.h"

namespace wavenet::data {
namespace {

constexpr float kStep = 0x1p-15F;  // of 16 bits

Levels levels_of(const Samples& samples, std::int64_t rate = kTestRate) {
  LevelMeter meter(static_cast<double>(rate));
  const std::span<const float> all(samples);
  for (std::size_t first = 0; first < all.size(); first += 1000) {  // by blocks, as decoders give
    meter.add(all.subspan(first, std::min<std::size_t>(1000, all.size() - first)));
  }
  return meter.finish();
}

Clipping clipping_of(const Samples& samples, float grain = kStep) {
  ClippingScan scan(grain);
  const std::span<const float> all(samples);
  for (std::size_t first = 0; first < all.size(); first += 997) {
    scan.add(all.subspan(first, std::min<std::size_t>(997, all.size() - first)));
  }
  return scan.finish();
}

Samples rounded(Samples samples) {
  for (float& x : samples) {
    x = std::clamp(std::round(x / kStep) * kStep, -1.0F, 1 - kStep);
  }
  return samples;
}

Samples clamped(Samples samples, float most) {
  for (float& x : samples) {
    x = std::clamp(x, -most, most);
  }
  return samples;
}

TEST(SoundDoctorLevels, ASineHasTheLevelOfItsAmplitude) {
  const Levels levels = levels_of(sine(200, 2, 0.5));
  EXPECT_EQ(levels.samples, 16'000);
  EXPECT_NEAR(static_cast<double>(levels.peak), 0.5, 1e-6);
  EXPECT_NEAR(levels.rms, 0.5 / std::sqrt(2), 1e-6);
  EXPECT_NEAR(levels.active, levels.rms, 1e-6);
  EXPECT_NEAR(levels.offset, 0, 1e-6);
  EXPECT_NEAR(to_decibels(levels.rms), -9.0309, 1e-3);
  EXPECT_EQ(levels.windows[1], 100);  // -9.03 dB lies between -6 and -12
}

TEST(SoundDoctorLevels, DcIsFoundWhateverElseSounds) {
  EXPECT_NEAR(levels_of(plus(sine(200, 2, 0.3), -0.05)).offset, -0.05, 1e-5);
  EXPECT_NEAR(levels_of(plus(voice(1), 0.02)).offset, 0.02, 5e-4);
  Samples short_tone = sine(440, 0.25, 0.6);
  short_tone.resize(1601);  // a last window of one sample, which is 0.6 sin(2 pi 88) = 0
  short_tone.back() = 0.6F;
  EXPECT_NEAR(levels_of(short_tone).offset, 0, 1e-6);
  Samples swing(16'000, 0.0F);  // one push of the microphone is none
  std::fill(swing.begin() + 2000, swing.begin() + 3500, 0.9F);
  EXPECT_EQ(levels_of(swing).offset, 0);
}

TEST(SoundDoctorLevels, DitherIsSilenceAndLastsAsLongAsItDoes) {
  Samples samples = sine(200, 3, 0.5);
  for (std::size_t i = 8000; i < 20'000; ++i) {
    samples[i] = static_cast<float>(static_cast<int>(i % 3) - 1) * kStep;  // -1, 0, 1 steps
  }
  const Levels levels = levels_of(samples);
  EXPECT_NEAR(static_cast<double>(levels.longest_silence.first), 8000, 1);
  EXPECT_NEAR(static_cast<double>(levels.longest_silence.length), 12'000, 2);
  EXPECT_NEAR(levels.silent_share(), 0.5, 0.03);  // and where the sine crosses zero
  EXPECT_EQ(levels.windows[kLevelRows - 1], 75);
  EXPECT_EQ(levels_of(Samples(100, 0x1p-14F)).silent, 0);  // the threshold itself is sound
  EXPECT_EQ(levels_of(Samples(100, -0x1.8p-15F)).silent, 100);
}

TEST(SoundDoctorLevels, PausesDoNotCountAsActive) {
  Samples samples = sine(200, 1, 0.5);
  samples.resize(80'000);
  const Levels levels = levels_of(samples);
  EXPECT_NEAR(levels.active, 0.5 / std::sqrt(2), 1e-6);
  EXPECT_NEAR(levels.rms, 0.5 / std::sqrt(20), 1e-6);
  EXPECT_EQ(levels.quietest, 0);
}

TEST(SoundDoctorClipping, RunsAtFullScaleAreCounted) {
  Samples samples = rounded(sine(210, 1, 0.8));
  EXPECT_EQ(clipping_of(samples).full.runs, 0);
  std::fill_n(samples.begin() + 2000, 5, 1 - kStep);
  std::fill_n(samples.begin() + 5000, 12, -1.0F);
  std::fill_n(samples.begin() + 6000, 2, -1.0F);  // two are none
  const ClippedRuns full = clipping_of(samples).full;
  EXPECT_EQ(full.runs, 2);
  EXPECT_EQ(full.samples, 17);
  EXPECT_EQ(full.first.first, 2000);
  EXPECT_EQ(full.first.length, 5);
  EXPECT_EQ(full.longest.first, 5000);
  EXPECT_EQ(full.longest.length, 12);
}

TEST(SoundDoctorClipping, AClippedSineIsFoundAtItsNewLevel) {
  // 200 Hz at 8 kHz has 40 samples a turn; beyond 0.6 of an amplitude of 1 lie 23 of them, in two runs.
  const Samples clipped = rounded(times(clamped(sine(200, 1, 1), 0.6F), 0.5));
  const ClippedRuns below = clipping_of(clipped).below;
  EXPECT_EQ(below.runs, 400);
  EXPECT_NEAR(static_cast<double>(below.level), 0.3, 1e-4);
  EXPECT_NEAR(static_cast<double>(below.samples), 400 * 11.0, 400);
  EXPECT_EQ(clipping_of(clipped).full.runs, 0);
}

TEST(SoundDoctorClipping, DitherDoesNotHideFlatTops) {
  Samples clipped = times(clamped(sine(200, 1, 1), 0.6F), 0.5);
  Rng rng(3);
  for (float& x : clipped) {
    x += static_cast<float>(random_between(rng, -1, 1)) * kStep;
  }
  EXPECT_GT(clipping_of(rounded(clipped)).below.runs, 200);
}

TEST(SoundDoctorClipping, RoundTopsAreNone) {
  for (const double hertz : {20.0, 50.0, 63.0, 200.0, 440.0}) {
    for (const double amplitude : {0.03, 0.2, 0.7, 0.999}) {
      const Clipping found = clipping_of(rounded(sine(hertz, 2, amplitude, 48'000)));
      EXPECT_EQ(found.below.runs, 0) << hertz << " " << amplitude;
    }
  }
  EXPECT_EQ(clipping_of(rounded(voice(5))).below.runs, 0);
  EXPECT_EQ(clipping_of(rounded(voice(5))).full.runs, 0);
  EXPECT_EQ(clipping_of(rounded(noise(1, 2, 0.5))).below.runs, 0);
}

TEST(SoundDoctorClipping, WhatLiesBeyondIsCounted) {
  Samples samples = sine(200, 1, 0.9);
  samples[700] = 1.5F;
  samples[900] = -1.2F;
  const Clipping found = clipping_of(samples);
  EXPECT_EQ(found.over, 2);
  EXPECT_EQ(found.first_over, 700);
}

Channels channels_of(const Samples& left, const Samples& right) {
  Samples both;
  for (std::size_t i = 0; i < left.size(); ++i) {
    both.push_back(left[i]);
    both.push_back(right[i]);
  }
  ChannelScan scan(2);
  scan.add(both);
  return scan.finish();
}

TEST(SoundDoctorChannels, ThatCancelAreEqualOrSilentAreToldApart) {
  const Samples one = voice(7, 2);
  const Samples other = voice(8, 2);
  EXPECT_FALSE(channels_of(one, other).cancel());
  EXPECT_FALSE(channels_of(one, other).identical);
  EXPECT_NEAR(channels_of(one, other).mix, 0.5, 0.1);  // of unrelated sounds

  EXPECT_TRUE(channels_of(one, one).identical);
  EXPECT_NEAR(channels_of(one, one).mix, 1, 1e-6);
  const Channels upside_down = channels_of(one, times(one, -0.95));
  EXPECT_TRUE(upside_down.cancel());
  // ((1 - 0.95) / 2)^2 / ((1 + 0.95^2) / 2)
  EXPECT_NEAR(upside_down.mix, 0.000625 / 0.95125, 1e-6);
  EXPECT_EQ(channels_of(one, Samples(one.size(), 0.0F)).silent, 1U);
  EXPECT_FALSE(channels_of(one, times(one, 0.1)).silent.has_value());
  EXPECT_FALSE(channels_of(Samples(10, 0.0F), Samples(10, 0.0F)).cancel());
}

}  // namespace
}  // namespace wavenet::data
