#include "wavenet/backend/cpu/fft.h"

#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>
#include <utility>

namespace wavenet::cpu {
namespace {

constexpr std::int64_t kLargestLeaf = 8;

double turn(std::int64_t i, std::int64_t n) {
  return 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
}

std::vector<float> factors_of(std::int64_t n) {
  std::vector<float> factors;
  for (std::int64_t j = 0; j < n / 4; ++j) {
    for (std::int64_t power = 1; power <= 3; ++power) {
      factors.push_back(static_cast<float>(std::cos(turn(power * j, n))));
      factors.push_back(static_cast<float>(-std::sin(turn(power * j, n))));
    }
  }
  return factors;
}

// A step leaves the frequencies k with k mod 4 = q in quarter q; a leaf leaves them in order.
std::int64_t place_of(std::int64_t k, std::int64_t n) {
  return n <= kLargestLeaf ? k : k % 4 * (n / 4) + place_of(k / 4, n / 4);
}

FftTables tables_of(std::int64_t fft, std::int64_t window) {
  FftTables tables;
  for (std::int64_t n = fft; n > kLargestLeaf; n /= 4) {
    tables.steps.push_back(factors_of(n));
  }
  for (std::int64_t k = 0; k < fft; ++k) {
    tables.place.push_back(static_cast<std::int32_t>(place_of(k, fft)));
  }
  for (std::int64_t i = 0; i < window; ++i) {
    tables.window.push_back(static_cast<float>((1 - std::cos(turn(i, window))) / 2));
  }
  return tables;
}

}  // namespace

const FftTables& fft_tables(std::int64_t fft, std::int64_t window) {
  static std::mutex mutex;
  static std::map<std::pair<std::int64_t, std::int64_t>, std::unique_ptr<const FftTables>> made;
  const std::lock_guard lock(mutex);
  auto& tables = made[{fft, window}];
  if (!tables) {
    tables = std::make_unique<const FftTables>(tables_of(fft, window));
  }
  return *tables;
}

}  // namespace wavenet::cpu
