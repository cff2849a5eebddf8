// Sums, means and variances over one or several dimensions.
//
//   Tensor m = mean(x, {0, 1}, true);   // x: [B, T, C] -> [1, 1, C]
//   Tensor v = var(x, {0, 1}, true);    // unbiased: divided by B T - 1
//
// No dimensions means all of them. Left out: maxima, and the biased variance.
#pragma once

#include <vector>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor sum(const Tensor& x, const std::vector<int>& dims = {}, bool keepdim = false);
Tensor mean(const Tensor& x, const std::vector<int>& dims = {}, bool keepdim = false);
// Throws Error when fewer than two values meet in one variance.
Tensor var(const Tensor& x, const std::vector<int>& dims = {}, bool keepdim = false);

}  // namespace wavenet
