// Matrix product over any leading dimensions.
//
//   Tensor y = matmul(x, w);   // x: [B, T, K], w: [K, N] -> y: [B, T, N]
//   Tensor z = matmul(a, b);   // a: [B, M, K], b: [B, K, N] -> z: [B, M, N]
//
// Left out: vectors, and broadcasting of b's leading dimensions.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// b has two dimensions, or a's leading ones. Throws Error when the inner sizes differ.
Tensor matmul(const Tensor& a, const Tensor& b);

}  // namespace wavenet
