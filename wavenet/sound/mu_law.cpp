#include "wavenet/sound/mu_law.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet::sound {
namespace {

constexpr double kMu = 255;
// Cells are the samples that have their first 15 bits in common: sign, exponent, and six bits of the
// fraction. At most one boundary lies in each, as the next one is 4 % away.
constexpr unsigned kCellBits = 17;
constexpr std::uint32_t kCells = 1U << (32 - kCellBits);
constexpr std::uint32_t kRest = (1U << kCellBits) - 1;

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
  // The code of a cell's smallest sample, above so much that what a sample's other bits add to it carries
  // from the cell's boundary on.
  std::vector<std::uint32_t> cells;

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
    make_cells();
  }

  void make_cells() {
    for (std::uint32_t cell = 0; cell < kCells; ++cell) {
      const bool negative = cell >= kCells / 2;
      const std::uint32_t flip =
          negative ? kRest : 0;  // of those below 0 it has all other bits set
      const auto smallest = std::bit_cast<float>(cell << kCellBits | flip);
      const auto largest = std::bit_cast<float>(cell << kCellBits | (kRest - flip));
      if (std::isnan(smallest) && std::isnan(largest)) {
        cells.push_back(kSilence << kCellBits);
        continue;
      }
      const int code = std::isnan(smallest)
                           ? 0
                           : by_formula(std::clamp(static_cast<double>(smallest), -1.0, 1.0));
      const float edge = code < kCodes - 1 ? edges[static_cast<std::size_t>(code) + 1] : 2;
      const std::uint32_t place = (std::bit_cast<std::uint32_t>(edge) ^ flip) & kRest;
      const bool within = edge > smallest && edge <= largest;
      cells.push_back((static_cast<std::uint32_t>(code) << kCellBits) +
                      (within ? kRest + 1 - place : 0));
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
  std::uint8_t result = 0;
  code(std::span(&x, 1), std::span(&result, 1));
  return result;
}

void code(std::span<const float> samples, std::span<std::uint8_t> codes) {
  check(samples.size() == codes.size(), "mu-law: {} samples cannot have {} codes", samples.size(),
        codes.size());
  const std::uint32_t* cells = tables().cells.data();
  const float* from = samples.data();
  std::uint8_t* to = codes.data();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(from[i]);
    const std::uint32_t flip = 0U - (bits >> 31);  // below 0, floats go down where their bits go up
    to[i] = static_cast<std::uint8_t>((cells[bits >> kCellBits] + ((bits ^ flip) & kRest)) >>
                                      kCellBits);
  }
}

float level_of(std::uint8_t code) { return tables().levels[code]; }
float lower_edge(std::uint8_t code) { return tables().edges[code]; }

}  // namespace wavenet::sound
