// Initial weights.
//
//   Tensor weight = linear_weight(48, 128, rng, /*gain=*/1);   // N(0, 1) / sqrt(48)
//
// Left out: other distributions.
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::nn {

// [in, out]: randn / sqrt(in), then times the gain: two roundings, as in the article.
Tensor linear_weight(std::int64_t in, std::int64_t out, Rng& rng, double gain);

}  // namespace wavenet::nn
