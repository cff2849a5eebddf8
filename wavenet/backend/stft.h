// Stft: how signals are cut into short frames, of each of which a spectrum is taken; and how kernels may
// lay spectra out.
//
//   const Stft how{.fft = 1024, .hop = 120, .window = 600};
//   how.frames(8192);   // 69: frame f is centred on sample f * hop
//   reflected(-3, 8192) == 3;
//
// A frame is under a periodic Hann window, centred in the points of the transform; the signal goes on
// beyond its ends as its mirror image. As torch.stft(center=True) has it, but for the phase, which
// counts from the window's first sample.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "wavenet/tensor/shape.h"

namespace wavenet {

struct Stft {
  std::int64_t fft = 1024;    // points of a transform: a power of two, at least 8
  std::int64_t hop = 120;     // samples from frame to frame
  std::int64_t window = 600;  // samples of a frame, at most fft

  std::int64_t bins() const { return fft / 2 + 1; }
  std::int64_t frames(std::int64_t length) const { return length / hop + 1; }
  // The first sample under the window of a frame; below 0 stands the mirror image.
  std::int64_t first(std::int64_t frame) const {
    return frame * hop - fft / 2 + (fft - window) / 2;
  }
};

// Where the sample stands that sample `at` mirrors, less than `length` beyond an end.
constexpr std::int64_t reflected(std::int64_t at, std::int64_t length) {
  return at < 0 ? -at : at < length ? at : 2 * (length - 1) - at;
}

// No magnitude counts as less than its square root.
inline constexpr double kLeastPower = 1e-8;

// What two sets of magnitudes, of a prediction P and of targets T, come to over all bins.
struct SpectralSums {
  double differences = 0;  // sum of (P - T)^2
  double targets = 0;      // sum of T^2
  double logarithms = 0;   // sum of |ln P - ln T|
};

// Signals side by side, kLanes to a group, so that one instruction works on a lane of several. So that
// no lane stays empty and several threads have groups, a signal is cut into segments of `frames`
// frames, of which the last may have fewer. The signals' first segments come first.
struct StftGroups {
  static constexpr std::int64_t kLanes = 16;
  static constexpr std::int64_t kFewest = 4;  // groups

  StftGroups(const Stft& stft, std::int64_t count_of_signals, std::int64_t signal_length)
      : how(stft), signals(count_of_signals), length(signal_length) {
    const std::int64_t whole = kLanes / std::gcd(signals, kLanes);  // segments that fill groups
    const std::int64_t groups = whole * signals / kLanes;
    const std::int64_t segments = whole * ((kFewest + groups - 1) / groups);
    frames = (how.frames(length) + segments - 1) / segments;
    count = segments * signals / kLanes;
  }
  std::int64_t signal_of(std::int64_t group, std::int64_t lane) const {
    return (group * kLanes + lane) % signals;
  }
  std::int64_t first_frame(std::int64_t group, std::int64_t lane) const {
    return (group * kLanes + lane) / signals * frames;
  }
  // How many frames of the lane's segment there are.
  std::int64_t frames_of(std::int64_t group, std::int64_t lane) const {
    return std::clamp<std::int64_t>(how.frames(length) - first_frame(group, lane), 0, frames);
  }
  // Samples of a segment.
  std::int64_t samples() const { return (frames - 1) * how.hop + how.window; }
  Shape magnitudes() const { return {count, frames, how.bins(), kLanes}; }
  Shape spectra() const { return {count, frames, how.fft, kLanes}; }

  Stft how;
  std::int64_t signals;
  std::int64_t length;  // of a signal
  std::int64_t frames;  // of a segment
  std::int64_t count;   // of groups
};

}  // namespace wavenet
