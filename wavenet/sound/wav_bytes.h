// WAV in memory: a sound as the bytes of a WAV file, which pages embed and logs hold.
//
//   const std::string wav = sound::wav_of(codes, 8000);   // mu-law codes, a byte a sample (mu_law.h)
//
// One channel of 16 bits behind a header of 44 bytes; full scale is 32,768. Every mu-law code survives.
// Left out: files, other forms, sounds of 2 GiB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::sound {

// The levels of codes, [samples].
std::vector<float> levels_of(std::string_view codes);

// rate: samples a second. Throws Error unless it is 1 to 2^30 and the sound is below 2^30 samples.
std::string wav_of(std::string_view codes, std::int64_t rate);

}  // namespace wavenet::sound
