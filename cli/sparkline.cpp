#include "cli/sparkline.h"

#include <array>
#include <cmath>

#include "wavenet/base/finite_range.h"

namespace cli {
namespace {

constexpr std::size_t kLevels = 8;
constexpr std::array<const char*, kLevels> kBlocks{"\u2581", "\u2582", "\u2583", "\u2584",
                                                   "\u2585", "\u2586", "\u2587", "\u2588"};
constexpr std::array<const char*, kLevels> kInk{"_", ".", "-", "=", "+", "*", "%", "#"};

}  // namespace

std::string sparkline(std::span<const double> values, bool utf8) {
  const auto [low, high] = wavenet::finite_range(values);
  std::string row;
  for (const double value : values) {
    if (!std::isfinite(value)) {
      row += '?';
      continue;
    }
    const double share = high > low ? (value - low) / (high - low) : 0;
    const auto level = static_cast<std::size_t>(std::lround(share * (kLevels - 1)));
    row += utf8 ? kBlocks[level] : kInk[level];
  }
  return row;
}

}  // namespace cli
