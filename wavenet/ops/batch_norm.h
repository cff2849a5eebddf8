// Batch normalisation with the batch's own statistics (Ioffe and Szegedy 2015), as the article has
// it: the unbiased variance normalises too.
//
//   BatchNormed r = batch_norm(x, weight, bias, 1e-5);   // x: [..., C], statistics over the rest
//
// Left out: running statistics, which the layer keeps (nn/layers.h).
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

struct BatchNormed {
  Tensor y;         // x's shape
  Tensor mean;      // [C], carries no gradient
  Tensor variance;  // [C], unbiased, carries no gradient
};

// Throws Error when fewer than two rows meet in one variance.
BatchNormed batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps);

}  // namespace wavenet
