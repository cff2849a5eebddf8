// Played: what went into an amplifier and what came out, as baselines are fitted to and judged on.
//
//   const baselines::Played train{input, output};   // output[i] answers input[i]
//   baselines::gain_of(train)                       // by which the input is nearest to the output
//   baselines::error_share(train, prediction)       // the ESR
//
// Left out: reading recordings (data/audio/pair.h).
#pragma once

#include <cstddef>
#include <span>

namespace wavenet::baselines {

struct Played {
  std::span<const float>
      in;  // ends where `out` ends; what it has more stands before; before it is silence
  std::span<const float> out;  // no longer than `in`

  std::span<const float> present() const { return in.last(out.size()); }
};

inline double energy_of(std::span<const float> samples) {
  double energy = 0;
  for (const float x : samples) {
    energy += static_cast<double>(x) * static_cast<double>(x);
  }
  return energy;
}

// Sum of (out - predicted)^2 over sum of out^2: the error-to-signal ratio.
inline double error_share(const Played& played, std::span<const float> predicted) {
  double error = 0;
  for (std::size_t i = 0; i < played.out.size(); ++i) {
    const double off = static_cast<double>(played.out[i]) - static_cast<double>(predicted[i]);
    error += off * off;
  }
  return error / energy_of(played.out);
}

// Least squares; 0 of a silent input.
inline double gain_of(const Played& played) {
  const std::span<const float> in = played.present();
  double products = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    products += static_cast<double>(in[i]) * static_cast<double>(played.out[i]);
  }
  const double energy = energy_of(in);
  return energy > 0 ? products / energy : 0;
}

}  // namespace wavenet::baselines
