// Recordings of a written amplifier, as files.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "../amplifier.h"
#include "../folder.h"
#include "wavenet/sound/test_signal.h"
#include "wavenet/sound/write.h"

namespace wavenet::data {

inline const std::vector<float>& signal() {
  static const std::vector<float> made = sound::test_signal();
  return made;
}

inline const std::vector<float>& answer() {
  static const std::vector<float> made = amplified(signal(), 48'000);
  return made;
}

// The judged part, silence, blips, and so many seconds of what is played, between what every plan has.
inline std::vector<float> short_plan(std::span<const float> samples, double seconds = 15) {
  const auto parts = sound::signal_parts();
  const auto kept = static_cast<std::ptrdiff_t>(static_cast<double>(parts[sound::kNoise].end) +
                                                seconds * sound::kSignalRate);
  std::vector<float> made(samples.begin(), samples.begin() + kept);
  const auto pause = samples.begin() + parts[sound::kPause].begin;
  made.insert(made.end(), pause, samples.end());
  return made;
}

// "in.wav,out.wav" of what it writes.
inline std::string written_pair(const std::filesystem::path& folder, std::span<const float> in,
                                std::span<const float> out, std::int64_t rate = 48'000) {
  const std::string names[] = {(folder / "in.wav").string(), (folder / "out.wav").string()};
  sound::write_wav(names[0], in, rate, sound::Sample::int24);
  sound::write_wav(names[1], out, rate, sound::Sample::float32);
  return names[0] + "," + names[1];
}

}  // namespace wavenet::data
