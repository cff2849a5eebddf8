#include "wavenet/report/spectrogram.h"

#include <algorithm>
#include <cmath>

#include "wavenet/sound/spectrum.h"

namespace wavenet::report {
namespace {

constexpr int kLevels = 64;  // more are not told apart, and fewer pack better

// Frames stand evenly, the first about the first sample and the last about the last.
std::int64_t columns_for(std::int64_t samples, std::int64_t frame) {
  constexpr std::int64_t kMostOverlap = 8;
  return std::clamp(samples * kMostOverlap / frame, std::int64_t{1}, kSpectrogramColumns);
}

// What lies beyond the sound's ends is silence.
void cut_out(std::span<const float> samples, std::int64_t middle, std::span<float> frame) {
  const std::int64_t begin = middle - std::ssize(frame) / 2;
  for (std::int64_t i = 0; i < std::ssize(frame); ++i) {
    const std::int64_t at = begin + i;
    const bool inside = at >= 0 && at < std::ssize(samples);
    frame[static_cast<std::size_t>(i)] = inside ? samples[static_cast<std::size_t>(at)] : 0.0F;
  }
}

// Decibels against a full sine, [columns, rows] with the lowest frequency first: of the bins of a row
// the loudest.
std::vector<double> decibels_of(std::span<const float> samples, std::int64_t size,
                                std::int64_t columns, std::int64_t rows) {
  sound::Fourier transform(size);
  const double full = static_cast<double>(size * size) / 16;
  std::vector<float> frame(static_cast<std::size_t>(size));
  std::vector<double> all;
  for (std::int64_t column = 0; column < columns; ++column) {
    cut_out(samples, (2 * column + 1) * std::ssize(samples) / (2 * columns), frame);
    const std::span<const double> power = transform.windowed_power(frame);
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto first = power.begin() + row * (size / 2) / rows;
      const auto last = power.begin() + (row + 1) * (size / 2) / rows;
      all.push_back(10 * std::log10(*std::max_element(first, last) / full + 1e-20));
    }
  }
  return all;
}

std::uint8_t level_of(double decibels, double top) {
  const double share = (decibels - top) / kRangeDecibels + 1;
  return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0, 1.0) * (kLevels - 1)));
}

}  // namespace

std::int64_t frame_for(double rate) {
  constexpr double kSeconds = 0.03;
  const double power = std::round(std::log2(kSeconds * rate));
  return std::int64_t{1} << static_cast<int>(std::clamp(power, 4.0, 14.0));
}

Picture spectrogram_of(std::span<const float> samples, double rate) {
  constexpr double kQuietest = -40;
  const std::int64_t size = frame_for(rate);
  Picture picture{.columns = columns_for(std::ssize(samples), size),
                  .rows = std::min(size / 2, kSpectrogramRows),
                  .pixels = {}};
  const std::vector<double> all = decibels_of(samples, size, picture.columns, picture.rows);
  const double top = std::max(kQuietest, *std::max_element(all.begin(), all.end()));
  for (std::int64_t row = picture.rows; row-- > 0;) {
    for (std::int64_t column = 0; column < picture.columns; ++column) {
      picture.pixels.push_back(
          level_of(all[static_cast<std::size_t>(column * picture.rows + row)], top));
    }
  }
  return picture;
}

const std::vector<Rgb>& heat() {
  static const std::vector<Rgb> palette = [] {
    constexpr std::array<Rgb, 6> kStops{{{9, 10, 20},
                                         {48, 24, 98},
                                         {132, 38, 124},
                                         {214, 66, 88},
                                         {247, 146, 58},
                                         {253, 243, 190}}};
    std::vector<Rgb> colours(kLevels);
    for (std::size_t i = 0; i < colours.size(); ++i) {
      const double at = static_cast<double>(i * (kStops.size() - 1)) / (kLevels - 1);
      const auto stop = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
      for (std::size_t c = 0; c < 3; ++c) {
        colours[i][c] = static_cast<std::uint8_t>(std::lround(
            std::lerp(kStops[stop][c], kStops[stop + 1][c], at - static_cast<double>(stop))));
      }
    }
    return colours;
  }();
  return palette;
}

}  // namespace wavenet::report
