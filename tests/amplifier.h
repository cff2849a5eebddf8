// An amplifier that can be written down: a one-pole high-pass at 120 Hz, gain 12, tanh, a one-pole low-pass
// at 4 kHz, all in f64.
//
//   std::vector<float> out = amplified(in, 48'000);
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

namespace wavenet {

struct AmplifierKnobs {
  double high_pass = 120;  // Hz
  double gain = 12;
  double low_pass = 4000;  // Hz
  double volume = 0.5;
};

inline std::vector<float> amplified(std::span<const float> in, double rate,
                                    const AmplifierKnobs& knobs = {}) {
  const auto pole = [&](double hertz) { return std::exp(-2 * std::numbers::pi * hertz / rate); };
  const double slow = pole(knobs.high_pass);
  const double fast = pole(knobs.low_pass);
  double before = 0;
  double high = 0;
  double low = 0;
  std::vector<float> out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto x = static_cast<double>(in[i]);
    high = slow * high + (1 + slow) / 2 * (x - before);
    before = x;
    low = fast * low + (1 - fast) * std::tanh(knobs.gain * high);
    out[i] = static_cast<float>(knobs.volume * low);
  }
  return out;
}

// The same so many samples later; silence takes their place. Below 0: earlier, with silence at the end.
inline std::vector<float> later(std::span<const float> samples, std::ptrdiff_t by) {
  std::vector<float> moved(samples.size());
  for (std::ptrdiff_t i = 0; i < std::ssize(samples); ++i) {
    if (i - by >= 0 && i - by < std::ssize(samples)) {
      moved[static_cast<std::size_t>(i)] = samples[static_cast<std::size_t>(i - by)];
    }
  }
  return moved;
}

}  // namespace wavenet
