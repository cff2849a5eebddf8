#include "wavenet/sound/pcm.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/sound/level.h"

namespace wavenet::sound {
namespace {

constexpr std::int64_t kMostBytes = 0xFFFFFFFF;  // that a chunk's size can say

std::int64_t bytes_of(Sample sample) {
  return sample == Sample::int16 ? 2 : sample == Sample::int24 ? 3 : 4;
}

void append(std::string& bytes, std::uint32_t value, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  }
}

// Halves go to the even neighbour, as the processor rounds.
std::uint32_t integer_of(float x, std::int64_t count, std::int64_t& clamped) {
  const double scale = count == 2 ? 0x1p15 : 0x1p23;
  const double rounded = std::nearbyint(static_cast<double>(x) * scale);
  const double value = std::clamp(rounded, -scale, scale - 1);
  clamped += value == rounded ? 0 : 1;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
}

}  // namespace

void append_samples(std::string& bytes, std::span<const float> samples, Sample sample,
                    std::int64_t& clamped) {
  const std::int64_t count = bytes_of(sample);
  for (const float x : samples) {
    append(
        bytes,
        sample == Sample::float32 ? std::bit_cast<std::uint32_t>(x) : integer_of(x, count, clamped),
        count);
  }
}

void check_writable(std::string_view name, std::span<const float> samples, std::int64_t first) {
  if (!std::isfinite(largest(samples))) {
    const std::size_t place = first_not_finite(samples);
    fail("{}: sample {} is {}, and only finite numbers are written", name,
         first + static_cast<std::int64_t>(place), samples[place]);
  }
}

std::string wav_header_of(std::int64_t samples, std::int64_t rate, Sample sample) {
  const bool floats = sample == Sample::float32;
  const std::int64_t frame = bytes_of(sample);
  const std::int64_t data = samples * frame;
  const auto number = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  std::string bytes = "RIFF";
  append(bytes, number((floats ? 50 : 36) + data + data % 2), 4);
  bytes += "WAVEfmt ";
  append(bytes, floats ? 18 : 16, 4);
  append(bytes, floats ? 3 : 1, 2);
  append(bytes, 1, 2);  // channel
  append(bytes, number(rate), 4);
  append(bytes, number(rate * frame), 4);
  append(bytes, number(frame), 2);
  append(bytes, number(8 * frame), 2);
  if (floats) {
    append(bytes, 0, 2);
    bytes += "fact";
    append(bytes, 4, 4);
    append(bytes, number(samples), 4);
  }
  bytes += "data";
  append(bytes, number(data), 4);
  return bytes;
}

void check_wav_rate(std::string_view name, std::int64_t rate) {
  check(rate >= 1 && rate <= kMaxSampleRate, "{}: cannot have {} samples a second, only 1 to {}",
        name, rate, kMaxSampleRate);
}

void check_wav_length(std::string_view name, std::int64_t samples, Sample sample) {
  const std::int64_t most = (kMostBytes - 64) / bytes_of(sample);
  check(samples <= most, "{}: a WAV file of this kind holds at most {} samples, {} are too many",
        name, most, samples);
}

std::string_view wav_padding(std::int64_t samples, Sample sample) {
  return samples * bytes_of(sample) % 2 == 1 ? std::string_view("\0", 1) : std::string_view();
}

}  // namespace wavenet::sound
