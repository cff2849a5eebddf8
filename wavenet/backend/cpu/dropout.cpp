// Dropout: scalar code that the compiler turns into vectors, four elements a hash.
#include <algorithm>
#include <array>

#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/dropout_bits.h"

namespace wavenet::cpu {

void dropout(double p, std::uint64_t key, const float* x, float* y, std::int64_t count, bool add) {
  constexpr std::int64_t kPerHash = 4;
  const float scale = static_cast<float>(1 / (1 - p));
  const std::uint64_t threshold = dropout_threshold(p);
  for (std::int64_t i = 0; i < count; i += kPerHash) {
    const std::uint64_t bits =
        split_mix(key + static_cast<std::uint64_t>(i / kPerHash) * kSplitMixStride);
    const std::array<float, kPerHash> factor{(bits & 0xffffU) < threshold ? 0.0f : scale,
                                             (bits >> 16 & 0xffffU) < threshold ? 0.0f : scale,
                                             (bits >> 32 & 0xffffU) < threshold ? 0.0f : scale,
                                             bits >> 48 < threshold ? 0.0f : scale};
    const std::int64_t here = std::min(kPerHash, count - i);
    for (std::int64_t j = 0; j < here; ++j) {
      const float kept = x[i + j] * factor[static_cast<std::size_t>(j)];  // NaN stays NaN
      y[i + j] = add ? y[i + j] + kept : kept;
    }
  }
}

}  // namespace wavenet::cpu
