// The dilated causal convolution (van den Oord et al. 2016, section 2.1), channels last.
//
//   Tensor y = causal_conv1d(x, weight, bias, {.width = 2, .dilation = 4});
//   // x: [B, T, Cin], weight: [K Cin, Cout], bias: [Cout] -> y: [B, T, Cout]
//   // y[t] = bias + x[t - 4] W_0 + x[t] W_1; before x[0] stands x[0] again
//   Tensor z = causal_conv1d(x, weight, bias, {.width = 2}, addend);   // y + addend
//
// The weight is that of a Linear over K rows laid side by side, the oldest first; so a tree of
// FlattenConsecutive(2) and Linear and a stack of convolutions of width 2 share their weights. Left
// out: strides, and looking ahead.
#pragma once

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

inline constexpr std::int64_t kMaxDilation = std::int64_t{1} << 32;

// An undefined bias is none. What is added to y, as a condition is (section 2.5), costs no pass over
// it: addend [B, T - from, Cout], or [B, 1, Cout] for every row; undefined, none. Throws Error naming
// the shapes that do not fit, and for a width or a dilation below 1.
Tensor causal_conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                     const ConvGeometry& geometry, const Tensor& addend = {});

}  // namespace wavenet
