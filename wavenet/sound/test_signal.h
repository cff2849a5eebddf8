// The test signal: what is played into an amplifier so that a model can be trained on what comes out.
//
//   sound::write_wav("in.wav", sound::test_signal(), sound::kSignalRate, sound::Sample::int24);
//   const auto [name, begin, end] = sound::signal_parts()[sound::kJudgedAgain];   // samples
//
// Three minutes: the part that a model is judged on, silence that tells the noise, two blips that tell the
// latency, sweeps, noise at rising levels, plucked strings from soft to loud, and at the end the judged
// part again, which tells how far the amplifier agrees with itself. Everything goes by integers, so the
// samples are the same on every machine. Left out: reading a recording (data/audio/pair.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wavenet::sound {

inline constexpr std::int64_t kSignalRate = 48'000;
inline constexpr std::int64_t kSignalSamples = 180 * kSignalRate;

struct SignalPart {
  std::string_view name;
  std::int64_t begin;  // samples
  std::int64_t end;
};

enum SignalPlace : std::size_t {
  kJudged,
  kQuiet,
  kBlips,
  kSweeps,
  kNoise,
  kPlaying,
  kPause,
  kJudgedAgain,
};

// In order and without gaps. The plan of version 3 of the Neural Amp Modeler's signal is the same, but for
// its length: so recordings of either are read alike. At least 27 s.
constexpr std::array<SignalPart, 8> signal_parts(std::int64_t samples = kSignalSamples) {
  constexpr std::int64_t kSecond = kSignalRate;
  return {{{"judged part", 0, 9 * kSecond},
           {"silence", 9 * kSecond, 10 * kSecond},
           {"blips", 10 * kSecond, 12 * kSecond},
           {"sweeps", 12 * kSecond, 15 * kSecond},
           {"noise", 15 * kSecond, 17 * kSecond},
           {"playing", 17 * kSecond, samples - 19 * kSecond / 2},
           {"pause", samples - 19 * kSecond / 2, samples - 9 * kSecond},
           {"judged part again", samples - 9 * kSecond, samples}}};
}

// One sample each, alone among zeros.
inline constexpr std::array<std::int64_t, 2> kBlipsAt{21 * kSignalRate / 2, 23 * kSignalRate / 2};

// [kSignalSamples], whole 2^-23ths within ]-1, 1[.
std::vector<float> test_signal();

}  // namespace wavenet::sound
