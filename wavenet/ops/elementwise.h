// Elementwise ops, with broadcasting: sizes are matched from the right, and a size of 1 repeats.
//
//   Tensor y = tanh(x * weight + bias);   // x: [B, T, C], weight: [C], bias: [C]
//   Tensor z = 0.5 * y + 1;
//
// Throws Error for shapes that do not match and for operands of two types. Left out: in-place
// forms.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Tensor& b);

// scale x + shift.
Tensor affine(const Tensor& x, double scale, double shift);
inline Tensor operator+(const Tensor& x, double shift) { return affine(x, 1, shift); }
inline Tensor operator-(const Tensor& x, double shift) { return affine(x, 1, -shift); }
inline Tensor operator*(const Tensor& x, double scale) { return affine(x, scale, 0); }
inline Tensor operator*(double scale, const Tensor& x) { return affine(x, scale, 0); }
inline Tensor operator/(const Tensor& x, double divisor) { return affine(x, 1 / divisor, 0); }

Tensor operator-(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor relu(const Tensor& x);

}  // namespace wavenet
