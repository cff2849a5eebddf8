// Sounds with one fault of a known size, and what the doctor finds in them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "wavenet/base/rng.h"
#include "wavenet/data/audio/doctor/diagnosis.h"
#include "wavenet/sound/write.h"

namespace wavenet::data {

using Samples = std::vector<float>;

inline constexpr std::int64_t kTestRate = 8000;

inline double random_between(Rng& rng, double low, double high) {
  return low + (high - low) * rng.uniform_double();
}

inline std::size_t samples_in(double seconds, std::int64_t rate = kTestRate) {
  return static_cast<std::size_t>(std::llround(seconds * static_cast<double>(rate)));
}

inline Samples sine(double hertz, double seconds, double amplitude, std::int64_t rate = kTestRate) {
  Samples samples(samples_in(seconds, rate));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(amplitude *
                                    std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) /
                                             static_cast<double>(rate)));
  }
  return samples;
}

inline Samples noise(std::uint64_t seed, double seconds, double amplitude,
                     std::int64_t rate = kTestRate) {
  Rng rng(seed);
  Samples samples(samples_in(seconds, rate));
  for (float& x : samples) {
    x = static_cast<float>(random_between(rng, -amplitude, amplitude));
  }
  return samples;
}

inline Samples sum(Samples a, const Samples& b) {
  std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>());
  return a;
}

inline Samples times(Samples samples, double gain) {
  for (float& x : samples) {
    x *= static_cast<float>(gain);
  }
  return samples;
}

inline Samples plus(Samples samples, double offset) {
  for (float& x : samples) {
    x += static_cast<float>(offset);
  }
  return samples;
}

// One syllable of a voice: harmonics of a pitch that glides, with a bump of the spectrum somewhere.
inline void add_syllable(Samples& samples, std::size_t first, std::size_t length, Rng& rng,
                         std::int64_t rate, double lowest) {
  const double from = random_between(rng, lowest, 1.6 * lowest);
  const double to = from * random_between(rng, 0.8, 1.2);
  const double bump = random_between(rng, 300, 2500);
  double phase = 0;
  for (std::size_t i = 0; i < length && first + i < samples.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(length);
    phase += 2 * std::numbers::pi * (from + (to - from) * share) / static_cast<double>(rate);
    double x = 0;
    for (int h = 1; h * std::max(from, to) < 0.45 * static_cast<double>(rate); ++h) {
      const double away = (h * from - bump) / 400;
      x += (0.05 + std::exp(-away * away)) * std::sin(h * phase) / std::sqrt(h);
    }
    samples[first + i] +=
        static_cast<float>(0.12 * std::pow(std::sin(std::numbers::pi * share), 2) * x);
  }
}

// Something like speech: syllables, four to a phrase, then a pause of half a second in which a recorder's
// noise of -63 dB is left. The same seed gives the same take.
inline Samples voice(std::uint64_t seed, double seconds = 6, std::int64_t rate = kTestRate,
                     double lowest = 100) {
  Samples samples = noise(seed + 1000, seconds, 0.0012, rate);
  Rng rng(seed);
  double at = 0.1;
  for (int syllable = 1; at < seconds - 0.4; ++syllable) {
    const double length = random_between(rng, 0.12, 0.3);
    add_syllable(samples, samples_in(at, rate), samples_in(length, rate), rng, rate, lowest);
    at += length + (syllable % 4 == 0 ? 0.55 : 0.03);
  }
  return samples;
}

inline const SoundFinding* find_rule(const SoundDiagnosis& found, const std::string& rule) {
  const auto place =
      std::find_if(found.findings.begin(), found.findings.end(),
                   [&](const SoundFinding& finding) { return finding.rule == rule; });
  return place == found.findings.end() ? nullptr : &*place;
}

inline std::string rules_of(const SoundDiagnosis& found) {
  std::string rules;
  for (const SoundFinding& finding : found.findings) {
    rules += fmt::format("{}: {}\n", finding.rule, finding.where.text());
  }
  return rules;
}

}  // namespace wavenet::data
