#include "wavenet/sound/wav_bytes.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::sound {
namespace {

constexpr std::int64_t kBytes = 2;  // a sample

// The lowest byte first, as RIFF has it.
void append(std::string& wav, std::int64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    wav += static_cast<char>(number >> 8 * i & 255);
  }
}

// RIFF: a list of chunks, each its name, its size and its content.
void append_header(std::string& wav, std::int64_t samples, std::int64_t rate) {
  constexpr int kPcm = 1, kChannels = 1, kFormatBytes = 16, kHeaderBytes = 44;
  wav += "RIFF";
  append(wav, kHeaderBytes - 8 + kBytes * samples, 4);
  wav += "WAVEfmt ";
  append(wav, kFormatBytes, 4);
  append(wav, kPcm, 2);
  append(wav, kChannels, 2);
  append(wav, rate, 4);
  append(wav, kBytes * rate, 4);
  append(wav, kBytes, 2);
  append(wav, 8 * kBytes, 2);
  wav += "data";
  append(wav, kBytes * samples, 4);
}

std::int64_t pcm_of(float level) {
  return std::clamp(std::lround(level * 32768.0F), -32768L, 32767L);
}

}  // namespace

std::vector<float> levels_of(std::string_view codes) {
  std::vector<float> levels(codes.size());
  std::transform(codes.begin(), codes.end(), levels.begin(),
                 [](char code) { return level_of(static_cast<std::uint8_t>(code)); });
  return levels;
}

std::string wav_of(std::string_view codes, std::int64_t rate) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  check(rate >= 1 && rate <= kMost, "wav_of: rate must be 1 to {}, got {}", kMost, rate);
  check(std::ssize(codes) < kMost, "wav_of: {} samples, a WAV file has fewer than {}", codes.size(),
        kMost);
  std::string wav;
  wav.reserve(44 + static_cast<std::size_t>(kBytes) * codes.size());
  append_header(wav, std::ssize(codes), rate);
  for (const char code : codes) {
    append(wav, pcm_of(level_of(static_cast<std::uint8_t>(code))), kBytes);
  }
  return wav;
}

}  // namespace wavenet::sound
