// Spectrogram: the power of a sound over time and frequency, as a picture.
//
//   const Picture picture = spectrogram_of(samples, 8000);
//   const std::string png = png_of(picture, heat());
//
// Frames of about 30 ms under a Hann window, as a phone's length is told from the next; from the
// loudest place down kRangeDecibels. What is below -40 dB of a full sine counts as no louder than
// that, so that silence stays dark. Left out: other scales.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/report/png.h"

namespace wavenet::report {

inline constexpr double kRangeDecibels = 70;
inline constexpr std::int64_t kSpectrogramColumns = 400;  // at most
inline constexpr std::int64_t kSpectrogramRows = 128;     // at most

// The power of two that is nearest to 30 ms, by its logarithm.
std::int64_t frame_for(double rate);

// The highest frequency in the top row, rate / 2 at its upper edge. samples: at least one.
Picture spectrogram_of(std::span<const float> samples, double rate);

// Its palette, from the quietest to the loudest: from black over violet and orange to cream.
const std::vector<Rgb>& heat();

}  // namespace wavenet::report
