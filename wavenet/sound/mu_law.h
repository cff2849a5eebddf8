// Mu-law codes: a sample as one of 256 codes, finer near silence (ITU-T G.711's curve without its
// segments; van den Oord et al. 2016, section 2.2).
//
//   std::uint8_t code = sound::code_of(0.5F);   // 239
//   float x = sound::level_of(code);            // 0.4979...
//   sound::code(samples, codes);                // many at once, and several times as fast
//
//   f = sgn(x) ln(1 + 255 |x|) / ln 256     code  = floor((f + 1) / 2 * 255 + 0.5)
//   y = 2 code / 255 - 1                    level = sgn(y) (256^|y| - 1) / 255
//
// Silence is code 128, whose level is +8.6e-5: 0 itself has no code. Every code survives being decoded
// and coded again. Other programs put silence at 127, or use mu 256; their codes are not these. Any
// thread may ask. Left out: G.711's own bytes, which WAV files hold (read.h decodes them).
#pragma once

#include <cstdint>
#include <span>

namespace wavenet::sound {

inline constexpr std::int64_t kCodes = 256;
inline constexpr std::uint8_t kSilence = 128;

// x is taken as the nearest of [-1, 1]; a NaN, which readers refuse, as silence or as an infinity.
std::uint8_t code_of(float x);
// The same of each sample; as many codes as samples.
void code(std::span<const float> samples, std::span<std::uint8_t> codes);
float level_of(std::uint8_t code);
// The smallest sample that has the code, or a higher one: the boundary between it and the code below.
// That of code 0 is -1.
float lower_edge(std::uint8_t code);

}  // namespace wavenet::sound
