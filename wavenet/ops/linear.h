// The linear map with its bias in one product.
//
//   Tensor y = linear(x, weight, bias);   // x: [..., Cin], weight: [Cin, Cout] -> [..., Cout]
//   Tensor z = linear(x, weight, bias, y);   // y + linear(x, weight, bias), the same bits
//
// Left out: a transposed weight.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// bias: [Cout], or undefined for none; addend: of the result's shape, or undefined for none. Throws
// Error naming the shapes that do not fit.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& addend = {});

}  // namespace wavenet
