// WAV in memory: a sound as the bytes of a WAV file, which pages embed and logs hold.
//
//   const std::string wav = sound::wav_of(bytes, 8000);           // mu-law codes, a byte a sample (mu_law.h)
//   const std::string other = sound::wav_bytes(samples, 16000);   // floats, as 16 bits
//
// One channel behind a header of 44 bytes, or 58 of floats. Samples of 16 and 24 bits are scaled by 2^15
// and 2^23, rounded to the nearest (halves to even) and clamped; floats are written as they are. So a sound
// of 16 bits that was read and not changed, and every mu-law code, comes back as it was. Throws Error at a
// rate that no file has, a NaN or infinity, and 4 GiB. Left out: files (write.h), and other forms.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::sound {

enum class Sample : std::uint8_t { int16, int24, float32 };

std::string wav_bytes(std::span<const float> samples, std::int64_t rate,
                      Sample sample = Sample::int16);
// Of what levels_of() takes.
std::string wav_of(std::string_view bytes, std::int64_t rate, std::int64_t bits = 8);

// The levels, [samples], of mu-law codes; or of samples of 16 bits, low byte first, as pcm16_of() gives them.
std::vector<float> levels_of(std::string_view bytes, std::int64_t bits = 8);
std::string pcm16_of(std::span<const float> samples);

}  // namespace wavenet::sound
