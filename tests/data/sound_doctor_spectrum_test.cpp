// Hum and band limits that were put in by hand, and sounds that look like them and are none.
#include "tests/data/sound_doctor.h"
#include "wavenet/data/audio/doctor/band.h"
#include "wavenet/data/audio/doctor/hum.h"
#include "wavenet/sound/resample.h"
#include "wavenet/sound/spectrum.h"

namespace wavenet::data {
namespace {

std::optional<Hum> hum_of(const Samples& samples, std::int64_t rate = kTestRate) {
  HumSearch search(static_cast<double>(rate));
  const std::span<const float> all(samples);
  for (std::size_t first = 0; first < all.size(); first += 4096) {
    search.add(all.subspan(first, std::min<std::size_t>(4096, all.size() - first)));
  }
  return search.finish();
}

// Mains of amplitude a, with multiples of a third and a fifth of it.
Samples mains(double hertz, double seconds, double a, std::int64_t rate = kTestRate) {
  return sum(sum(sine(hertz, seconds, a, rate), sine(2 * hertz, seconds, a / 3, rate)),
             sine(3 * hertz, seconds, a / 5, rate));
}

TEST(SoundDoctorHum, IsFoundWithItsFrequencyAndSize) {
  for (const std::int64_t rate : {8000, 44'100}) {
    const Samples speech = voice(3, 5, rate);
    for (const double hertz : {50.0, 60.0}) {
      for (const double amplitude : {0.003, 0.01, 0.03}) {
        const auto hum = hum_of(sum(speech, mains(hertz, 5, amplitude, rate)), rate);
        ASSERT_TRUE(hum.has_value()) << rate << " " << hertz << " " << amplitude;
        EXPECT_EQ(hum->hertz, hertz);
        EXPECT_NEAR(hum->line, hertz, 0.3);
        EXPECT_NEAR(hum->amplitude / amplitude, 1, 0.15) << rate << " " << hertz;
        EXPECT_GE(hum->lines, 2);
      }
    }
  }
}

TEST(SoundDoctorHum, OfARectifierHasTwiceTheFrequency) {
  const auto hum = hum_of(sum(voice(3, 8), sine(100, 8, 0.01)));
  ASSERT_TRUE(hum.has_value());
  EXPECT_EQ(hum->hertz, 50);
  EXPECT_NEAR(hum->line, 100, 0.3);
  EXPECT_NEAR(hum->amplitude, 0.01, 0.0015);
}

TEST(SoundDoctorHum, NeitherLowVoicesNorTonesAreTakenForIt) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_FALSE(hum_of(voice(seed)).has_value()) << seed;
    EXPECT_FALSE(hum_of(voice(seed, 8, kTestRate, 48)).has_value()) << "a very low voice, " << seed;
  }
  // Notes with pauses between them, exactly at the frequencies of mains, and with overtones.
  for (const double hertz : {50.0, 60.0, 100.0}) {
    Samples notes = noise(4, 10, 0.001);
    for (int note = 0; note < 8; ++note) {
      const Samples tone = mains(hertz, 0.6, 0.2);
      const std::size_t first = samples_in(0.3 + 1.2 * note);
      for (std::size_t i = 0; i < tone.size(); ++i) {
        notes[first + i] +=
            tone[i] * static_cast<float>(std::sin(std::numbers::pi * static_cast<double>(i) /
                                                  static_cast<double>(tone.size())));
      }
    }
    EXPECT_FALSE(hum_of(notes).has_value()) << hertz;
  }
  // A tone that stays through the pauses, a whole tone away from mains.
  EXPECT_FALSE(hum_of(sum(voice(3, 8), mains(55, 8, 0.01))).has_value());
  EXPECT_FALSE(hum_of(sine(50, 8, 0.3)).has_value()) << "a tone alone has no pauses";
  EXPECT_FALSE(hum_of(noise(1, 8, 0.3)).has_value());
  EXPECT_FALSE(hum_of(Samples(64'000, 0.0F)).has_value());
  EXPECT_FALSE(hum_of(Samples(10, 0.1F)).has_value());
  EXPECT_FALSE(hum_of({}).has_value());
}

std::optional<BandLimit> band_of(const Samples& samples, std::int64_t rate) {
  const std::vector<double> power = sound::mean_power(samples, 1024);
  return band_limit(power, static_cast<double>(rate));
}

Samples in_16_bits(Samples samples) {
  for (float& x : samples) {
    x = std::round(x * 32768) / 32768;
  }
  return samples;
}

TEST(SoundDoctorBand, OfAResampledVoiceEndsAtItsOldRate) {
  using Rates = std::pair<std::int64_t, std::int64_t>;
  for (const auto& [from, to] :
       {Rates{8000, 16'000}, Rates{8000, 44'100}, Rates{11'025, 16'000}, Rates{22'050, 48'000}}) {
    const Samples up = in_16_bits(sound::resample(voice(2, 2, from), from, to));
    const auto band = band_of(up, to);
    ASSERT_TRUE(band.has_value()) << from << " to " << to;
    EXPECT_NEAR(band->hertz, static_cast<double>(from) / 2, static_cast<double>(to) / 64)
        << from << " to " << to;
    EXPECT_GT(band->drop, 25);
  }
}

TEST(SoundDoctorBand, OfOtherSoundsDoesNotEnd) {
  EXPECT_FALSE(band_of(sine(200, 4, 0.5), 8000).has_value());
  EXPECT_FALSE(band_of(in_16_bits(sum(sine(200, 4, 0.4), sine(900, 4, 0.3))), 8000).has_value());
  EXPECT_FALSE(band_of(noise(1, 4, 0.5), 8000).has_value());
  EXPECT_FALSE(band_of(Samples(8000, 0.0F), 8000).has_value());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_FALSE(band_of(in_16_bits(voice(seed, 4, 16'000)), 16'000).has_value()) << seed;
  }
  // Noise that falls off by 12 dB an octave, as soft sounds do: a slope is no edge.
  Samples soft = noise(2, 4, 0.5, 16'000);
  for (int pass = 0; pass < 2; ++pass) {
    float past = 0;
    for (float& x : soft) {
      past += 0.1F * (x - past);
      x = past;
    }
  }
  EXPECT_FALSE(band_of(in_16_bits(soft), 16'000).has_value());
}

TEST(SoundDoctorBand, FlatnessTellsNoiseFromVoice) {
  EXPECT_GT(flatness(sound::mean_power(noise(1, 4, 0.5), 1024)), 0.95);
  EXPECT_LT(flatness(sound::mean_power(voice(1), 1024)), 0.2);
  EXPECT_LT(flatness(sound::mean_power(sine(200, 4, 0.5), 1024)), 0.01);
}

}  // namespace
}  // namespace wavenet::data
