#include "wavenet/data/audio/doctor/band.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace wavenet::data {
namespace {

constexpr double kLeastDrop = 25;      // dB
constexpr double kLeastBand = 0.1;     // below that it is a sound without overtones
constexpr double kFilled = 0.9;        // share of the octave below that must stand above the floor
constexpr double kFloorSpread = 10;    // dB, between the highest of the floor and its mean
constexpr double kNothingLeft = 3e-4;  // -70 dB: converters' noise and dither
constexpr double kNothing = 1e-30;     // of power

double decibels(double power) { return 10 * std::log10(std::max(power, kNothing)); }

std::vector<double> to_levels(std::span<const double> power) {
  std::vector<double> levels(power.size());
  std::transform(power.begin(), power.end(), levels.begin(), decibels);
  return levels;
}

// The median of bins [first, last): a line in them does not count.
double median_level(std::span<const double> levels, std::size_t first, std::size_t last) {
  std::vector<double> some(levels.begin() + static_cast<std::ptrdiff_t>(first),
                           levels.begin() + static_cast<std::ptrdiff_t>(last));
  const auto middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
  std::nth_element(some.begin(), middle, some.end());
  return *middle;
}

// Whether the spectrum is filled below bin `at`, and holds its floor alone from a little above it on.
struct Edge {
  std::vector<double> levels;  // dB
  std::size_t width;           // bins

  double below(std::size_t at) const { return median_level(levels, at - width, at); }
  double floor(std::size_t at) const {
    return median_level(levels, at + width / 2, levels.size() - 1);
  }
  // How far the spectrum falls within half a width.
  double step(std::size_t at) const {
    return median_level(levels, at - width / 2, at) - median_level(levels, at, at + width / 2);
  }
  // What stands above bin `at`, as an amplitude; of a sound, as Parseval has it.
  double rest(std::size_t at) const {
    double sum = 0;
    for (std::size_t bin = at + width / 2; bin < levels.size(); ++bin) {
      sum += std::pow(10, levels[bin] / 10);
    }
    const auto size = static_cast<double>(2 * (levels.size() - 1));
    return std::sqrt(sum * 16 / 3) / size;
  }
  bool is_at(std::size_t at) const {
    if (rest(at) > kNothingLeft) {
      return false;
    }
    const double ground = floor(at);
    const double top = below(at);
    const double highest = *std::max_element(
        levels.begin() + static_cast<std::ptrdiff_t>(at + width / 2), levels.end() - 1);
    return top - ground >= kLeastDrop && highest - ground <= kFloorSpread &&
           top - highest >= kLeastDrop / 2 && is_filled(at, ground + kLeastDrop / 2);
  }
  bool is_filled(std::size_t at, double least) const {
    const std::size_t half = at / 2;
    const auto filled = std::count_if(levels.begin() + static_cast<std::ptrdiff_t>(half),
                                      levels.begin() + static_cast<std::ptrdiff_t>(at),
                                      [&](double level) { return level > least; });
    return static_cast<double>(filled) >= kFilled * static_cast<double>(at - half);
  }
};

}  // namespace

std::optional<BandLimit> band_limit(std::span<const double> power, double rate) {
  const std::size_t bins = power.size() - 1;
  const Edge edge{to_levels(power), bins / 16};
  std::size_t best = 0;
  const auto last = static_cast<std::size_t>(kHighestLimit * static_cast<double>(bins));
  for (auto at = static_cast<std::size_t>(kLeastBand * static_cast<double>(bins)) + 1; at < last;
       ++at) {
    if (edge.is_at(at) && (best == 0 || edge.step(at) > edge.step(best))) {
      best = at;
    }
  }
  if (best == 0) {
    return std::nullopt;
  }
  return BandLimit{static_cast<double>(best) * rate / 2 / static_cast<double>(bins),
                   edge.below(best) - edge.floor(best)};
}

double flatness(std::span<const double> power) {
  double logs = 0;
  double sum = 0;
  for (const double p : power) {
    logs += std::log(std::max(p, kNothing));
    sum += p;
  }
  const auto count = static_cast<double>(power.size());
  return sum == 0 ? 0 : std::exp(logs / count) / (sum / count);
}

}  // namespace wavenet::data
