// Dropout: elements left out at random, the others scaled up (Srivastava et al. 2014).
//
//   Tensor y = dropout(x, 0.2, key);   // the same key drops the same elements
//
// Left out: where keys come from (nn/dropout.h).
#pragma once

#include <cstdint>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Each element is 0 with probability p, else x / (1 - p). Throws Error for p outside [0, 1).
Tensor dropout(const Tensor& x, double p, std::uint64_t key);

}  // namespace wavenet
