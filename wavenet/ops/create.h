// Tensors from nothing: zeros, ones, random normal numbers.
//
//   Rng rng(42);
//   Tensor w = randn({48, 128}, rng);   // what torch.randn gives after torch.manual_seed(42)
//
// Left out: other distributions.
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor zeros(const Shape& shape, DType dtype = DType::f32);
Tensor ones(const Shape& shape, DType dtype = DType::f32);
Tensor full(const Shape& shape, double value, DType dtype = DType::f32);
Tensor randn(const Shape& shape, Rng& rng, DType dtype = DType::f32);

}  // namespace wavenet
