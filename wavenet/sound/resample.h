// Resampling: the same sound at another rate, by blocks, with the best of libsamplerate's band-limited
// converters (Smith 1984; 97 % of the band, aliases below -140 dB).
//
//   sound::Resampler resampler(44100, 16000);
//   resampler.push(block, sink);                       // as often as there is sound
//   resampler.finish(sink);                            // what is left
//   std::vector<float> slower = sound::resample(samples, 44100, 16000);
//
// n samples become round(n * to / from), and none is late: sample i stands for the same moment as
// i * from / to did. Left of the first and right of the last stands silence. A loud sound may come out
// beyond 1, since what lies between the samples may: who needs [-1, 1] clamps. One thread at a time may
// use a Resampler. Left out: rates that change, and more than one channel.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace wavenet::sound {

// Takes the next samples; they are valid during the call only.
using Sink = std::function<void(std::span<const float>)>;

inline constexpr std::int64_t kMaxRatio = 256;  // of two rates

// Whether sound of one rate can be brought to the other.
constexpr bool within_ratio(std::int64_t from, std::int64_t to) {
  return from <= to * kMaxRatio && to <= from * kMaxRatio;
}

class Resampler {
 public:
  // Throws Error unless both rates are 1 to kMaxSampleRate and neither is more than kMaxRatio times the other.
  Resampler(std::int64_t from, std::int64_t to);
  Resampler(Resampler&&) noexcept;
  Resampler& operator=(Resampler&&) noexcept;
  ~Resampler();

  // Hands on what can be told by now: nothing, or a block, or several. Throws Error at a NaN or infinity,
  // which would spoil thousands of samples around it; the text names its place in the sound.
  void push(std::span<const float> samples, const Sink& sink);
  // Hands on the rest. Nothing may be pushed after it.
  void finish(const Sink& sink);

 private:
  struct State;
  void convert(std::span<const float> samples, bool last, const Sink& sink);
  void hand_on(std::span<const float> samples, std::int64_t most, const Sink& sink);

  std::int64_t from_;
  std::int64_t to_;
  std::int64_t pushed_ = 0;
  std::int64_t handed_ = 0;
  std::unique_ptr<State> state_;  // none where the rates are equal
  std::vector<float> out_;
};

std::vector<float> resample(std::span<const float> samples, std::int64_t from, std::int64_t to);

}  // namespace wavenet::sound
