// Histogram: how many values fell into each of some bins of equal width, and two moments of them.
//
//   Histogram h{.low = -1, .high = 1, .counts = {3, 7}, .mean = 0.2, .std = 0.4};
//
// Left out: counting, which whoever holds the values does.
#pragma once

#include <cstdint>
#include <vector>

namespace wavenet {

struct Histogram {
  double low = 0;   // left edge of the first bin
  double high = 0;  // right edge of the last bin, which includes it
  std::vector<std::int64_t> counts{};
  double mean = 0;
  double std = 0;  // root of the mean squared deviation
};

}  // namespace wavenet
