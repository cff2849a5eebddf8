// The largest size of the samples, and whether all of them are finite, in one sweep.
//
//   const float peak = largest(samples);   // 0 of none
//   if (!std::isfinite(peak)) { ... }
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

namespace wavenet::sound {

// An infinity or a NaN where one is among them: without their signs, bits of floats stand in the floats'
// own order, and these above all.
inline float largest(std::span<const float> samples) {
  constexpr std::int32_t kNoSign = 0x7FFFFFFF;
  std::int32_t most = 0;
  for (const float x : samples) {
    most = std::max(most, std::bit_cast<std::int32_t>(x) & kNoSign);
  }
  return std::bit_cast<float>(most);
}

// Where the first that is not finite stands; samples.size() where there is none.
inline std::size_t first_not_finite(std::span<const float> samples) {
  const auto place =
      std::find_if_not(samples.begin(), samples.end(), [](float x) { return std::isfinite(x); });
  return static_cast<std::size_t>(place - samples.begin());
}

}  // namespace wavenet::sound
