#include "wavenet/sound/mu_law.h"

#include <array>
#include <bit>
#include <cmath>

namespace wavenet::sound {
namespace {

constexpr double kMu = 255;
constexpr std::int64_t kCells = 1 << 15;  // of [0, 1]; at most one boundary lies in each

int by_formula(double x) {
  const double f = std::copysign(std::log(1 + kMu * std::abs(x)) / std::log(1 + kMu), x);
  return static_cast<int>(std::floor((f + 1) / 2 * kMu + 0.5));
}

// The smallest float of [0, 1] whose code is `code` or more, by halving the range of its bits: those of
// floats that are not negative are in the floats' own order.
float first_with(int code) {
  std::uint32_t low = 0;
  auto high = std::bit_cast<std::uint32_t>(1.0F);
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (by_formula(static_cast<double>(std::bit_cast<float>(middle))) >= code) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return std::bit_cast<float>(low);
}

struct Tables {
  std::array<float, kCodes> levels{};
  std::array<float, kCodes> edges{};  // lower ones
  // For each size of a sample, cut into cells: the code of a cell's beginning, of samples that are
  // not negative and of those that are.
  std::array<std::uint8_t, kCells + 1> up{};
  std::array<std::uint8_t, kCells + 1> down{};

  Tables() {
    for (int code = 0; code < kCodes; ++code) {
      const double y = 2.0 * code / kMu - 1;
      levels[static_cast<std::size_t>(code)] =
          static_cast<float>(std::copysign((std::pow(1 + kMu, std::abs(y)) - 1) / kMu, y));
    }
    for (int code = kSilence + 1; code < kCodes; ++code) {
      edges[static_cast<std::size_t>(code)] = first_with(code);
    }
    // Of negative samples: the largest size that still has the code, the sign turned.
    edges[0] = -1;
    for (int code = 1; code <= kSilence; ++code) {
      edges[static_cast<std::size_t>(code)] = -last_down_to(code);
    }
    for (std::int64_t cell = 0; cell <= kCells; ++cell) {
      const double size = static_cast<double>(cell) / kCells;
      up[static_cast<std::size_t>(cell)] = static_cast<std::uint8_t>(by_formula(size));
      down[static_cast<std::size_t>(cell)] = static_cast<std::uint8_t>(by_formula(-size));
    }
  }

  // The largest float s of [0, 1] for which -s has `code` or more.
  static float last_down_to(int code) {
    std::uint32_t low = 0;
    auto high = std::bit_cast<std::uint32_t>(1.0F);
    while (low < high) {
      const std::uint32_t middle = low + (high - low + 1) / 2;
      if (by_formula(-static_cast<double>(std::bit_cast<float>(middle))) >= code) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return std::bit_cast<float>(low);
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

}  // namespace

std::uint8_t code_of(float x) {
  const Tables& table = tables();
  if (!(x < 1)) {
    return std::isnan(x) ? kSilence : kCodes - 1;
  }
  if (x >= 0) {
    const auto cell = static_cast<std::size_t>(x * kCells);
    const std::uint8_t code = table.up[cell];
    return code < kCodes - 1 && x >= table.edges[code + 1U] ? code + 1 : code;
  }
  if (x <= -1) {
    return 0;
  }
  const auto cell = static_cast<std::size_t>(-x * kCells);
  const std::uint8_t code = table.down[cell];
  return code > 0 && x < table.edges[code] ? code - 1 : code;
}

float level_of(std::uint8_t code) { return tables().levels[code]; }
float lower_edge(std::uint8_t code) { return tables().edges[code]; }

}  // namespace wavenet::sound
