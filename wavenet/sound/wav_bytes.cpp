#include "wavenet/sound/wav_bytes.h"

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

std::string wav_of(std::string_view bytes, std::int64_t rate, std::int64_t bits) {
  return wav_bytes(levels_of(bytes, bits), rate);
}

std::vector<float> levels_of(std::string_view bytes, std::int64_t bits) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::vector<float> levels(bytes.size() / static_cast<std::size_t>(bits / 8));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i] =
        bits == 8
            ? level_of(byte(i))
            : static_cast<float>(static_cast<std::int16_t>(byte(2 * i) | byte(2 * i + 1) << 8)) /
                  32'768;
  }
  return levels;
}

std::string pcm16_of(std::span<const float> samples) {
  check_writable("samples of 16 bits", samples, 0);
  std::string bytes;
  std::int64_t clamped = 0;
  append_samples(bytes, samples, Sample::int16, clamped);
  return bytes;
}

}  // namespace wavenet::sound
