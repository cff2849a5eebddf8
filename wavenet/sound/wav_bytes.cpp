#include "wavenet/sound/wav_bytes.h"

#include <algorithm>

#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/pcm.h"

namespace wavenet::sound {

std::string wav_bytes(std::span<const float> samples, std::int64_t rate, Sample sample) {
  constexpr std::string_view kName = "WAV in memory";
  check_wav_rate(kName, rate);
  check_wav_length(kName, std::ssize(samples), sample);
  check_writable(kName, samples, 0);
  std::string bytes = wav_header_of(std::ssize(samples), rate, sample);
  bytes.reserve(bytes.size() + samples.size() * sizeof(float) + 1);
  std::int64_t clamped = 0;
  append_samples(bytes, samples, sample, clamped);
  bytes += wav_padding(std::ssize(samples), sample);
  return bytes;
}

std::string wav_of(std::string_view codes, std::int64_t rate) {
  return wav_bytes(levels_of(codes), rate);
}

std::vector<float> levels_of(std::string_view codes) {
  std::vector<float> levels(codes.size());
  std::transform(codes.begin(), codes.end(), levels.begin(),
                 [](char code) { return level_of(static_cast<std::uint8_t>(code)); });
  return levels;
}

}  // namespace wavenet::sound
