// The smallest and the largest of those values that are finite.
//
//   const FiniteRange range = finite_range(losses);   // low above high where none is
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace wavenet {

struct FiniteRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

inline FiniteRange finite_range(std::span<const double> values) {
  FiniteRange range;
  for (const double value : values) {
    if (std::isfinite(value)) {
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  return range;
}

}  // namespace wavenet
