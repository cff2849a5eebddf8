// Band limit: the frequency above which a sound's spectrum holds nothing but its floor, where it was brought
// from a lower rate or through a lossy codec.
//
//   std::vector<double> power = sound::mean_power(samples, 1024);
//   if (std::optional<BandLimit> limit = band_limit(power, 16000)) { ... limit->hertz ... }
//
// A limit is an edge: within a sixteenth of the band the spectrum, filled below, falls by 25 dB or more, to
// below -70 dB, and stays there. A tone has none, as nothing fills the band below it; nor has speech that
// fades out. Left out: images, which a poor converter leaves in the place of nothing.
#pragma once

#include <optional>
#include <span>

namespace wavenet::data {

// Of half the rate: above it recorders' own filters fall.
inline constexpr double kHighestLimit = 0.8;

struct BandLimit {
  double hertz;
  double drop;  // dB, from just below to above
};

// power: [n + 1], of n frequencies up to half the rate, as sound::mean_power has it.
std::optional<BandLimit> band_limit(std::span<const double> power, double rate);

// Geometric mean over mean of the power: 1 for white noise, near 0 for speech and tones.
double flatness(std::span<const double> power);

}  // namespace wavenet::data
