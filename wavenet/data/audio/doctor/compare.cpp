#include "wavenet/data/audio/doctor/compare.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace wavenet::data {
namespace {

constexpr double kBlock = 0.05;        // seconds
constexpr double kProbe = 0.5;         // seconds, by which the distance is found
constexpr double kAlike = 0.9;         // correlation of a block
constexpr double kSame = 0.95;         // of the probe
constexpr double kAlikeShare = 0.8;    // share of the blocks
constexpr double kActiveBlock = 1e-3;  // 30 dB below the loudest block, as energy

using Span = std::span<const float>;

double product(Span a, Span b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += static_cast<double>(a[i] * b[i]);
  }
  return sum;
}

double correlation(Span a, Span b) {
  const double size = std::sqrt(product(a, a) * product(b, b));
  return size == 0 ? 0 : product(a, b) / size;
}

// What the two have in common in time when `b` is moved back by `distance`.
struct Common {
  Span a;
  Span b;
};

Common overlap(Span a, Span b, std::int64_t distance) {
  const auto skip_a = static_cast<std::size_t>(std::max<std::int64_t>(0, -distance));
  const auto skip_b = static_cast<std::size_t>(std::max<std::int64_t>(0, distance));
  if (skip_a >= a.size() || skip_b >= b.size()) {
    return {};
  }
  const std::size_t length = std::min(a.size() - skip_a, b.size() - skip_b);
  return {a.subspan(skip_a, length), b.subspan(skip_b, length)};
}

// Energies of blocks of `length`; what is left at the end is dropped.
std::vector<double> energies(Span samples, std::size_t length) {
  std::vector<double> all;
  for (std::size_t first = 0; first + length <= samples.size(); first += length) {
    const Span block = samples.subspan(first, length);
    all.push_back(product(block, block));
  }
  return all;
}

// Where the loudest `length` samples of `a` begin, in steps of a quarter.
std::size_t loudest(Span a, std::size_t length) {
  std::size_t best = 0;
  double most = -1;
  for (std::size_t first = 0; first + length <= a.size();
       first += std::max<std::size_t>(1, length / 4)) {
    const double energy = product(a.subspan(first, length), a.subspan(first, length));
    if (energy > most) {
      most = energy;
      best = first;
    }
  }
  return best;
}

}  // namespace

bool Likeness::is_same_take() const {
  return std::abs(correlation) >= kSame && share >= kAlikeShare;
}

Likeness compare(Span first, Span second, double rate, std::int64_t distance, std::int64_t radius) {
  Likeness found;
  const Common common = overlap(first, second, distance);
  const auto margin = static_cast<std::size_t>(radius);
  const auto wanted = static_cast<std::size_t>(kProbe * rate);
  if (common.a.size() <= 4 * margin) {
    return found;
  }
  const std::size_t length = std::min(wanted, common.a.size() - 2 * margin);
  const std::size_t at =
      margin + loudest(common.a.subspan(margin, common.a.size() - 2 * margin), length);
  const Span probe = common.a.subspan(at, length);
  for (std::int64_t shift = -radius; shift <= radius; ++shift) {
    const auto start = static_cast<std::size_t>(static_cast<std::int64_t>(at) + shift);
    const double r = correlation(probe, common.b.subspan(start, length));
    if (std::abs(r) > std::abs(found.correlation)) {
      found.correlation = r;
      found.distance = distance + shift;
    }
  }
  const auto [a, b] = overlap(first, second, found.distance);
  const auto block = static_cast<std::size_t>(kBlock * rate);
  const std::vector<double> energies_a = energies(a, block);
  const std::vector<double> energies_b = energies(b, block);
  if (energies_a.empty()) {
    return found;
  }
  const double least_a = kActiveBlock * *std::max_element(energies_a.begin(), energies_a.end());
  const double least_b = kActiveBlock * *std::max_element(energies_b.begin(), energies_b.end());
  double heard = 0;
  double alike = 0;
  double energy_a = 0;
  double energy_b = 0;
  for (std::size_t i = 0; i < energies_a.size(); ++i) {
    if (energies_a[i] < least_a && energies_b[i] < least_b) {
      continue;
    }
    ++heard;
    if (std::abs(correlation(a.subspan(i * block, block), b.subspan(i * block, block))) >= kAlike) {
      ++alike;
      energy_a += energies_a[i];
      energy_b += energies_b[i];
    }
  }
  found.share = heard == 0 ? 0 : alike / heard;
  found.samples = static_cast<std::int64_t>(alike) * static_cast<std::int64_t>(block);
  found.decibels = energy_a > 0 && energy_b > 0 ? 10 * std::log10(energy_b / energy_a) : 0;
  return found;
}

}  // namespace wavenet::data
