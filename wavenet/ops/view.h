// Other looks at the same elements, and putting tensors together.
//
//   Tensor even = index(x, {{}, {.step = 2}});            // x[:, ::2], shares x's memory
//   Tensor fused = cat({even, odd}, 2);                    // copies
//   Tensor flat = reshape(x, {-1, 80});                    // shares where strides allow
//
// Dimensions and bounds may be negative, as in Python. Left out: steps below 1.
#pragma once

#include <limits>
#include <vector>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// start:stop:step; bounds beyond the ends are cut, as in Python.
struct Slice {
  std::int64_t start = 0;
  std::int64_t stop = std::numeric_limits<std::int64_t>::max();
  std::int64_t step = 1;
};

// One slice a dimension; missing ones take all.
Tensor index(const Tensor& x, const std::vector<Slice>& slices);
// One size may be -1: what is left.
Tensor reshape(const Tensor& x, const Shape& shape);
Tensor transpose(const Tensor& x, int dim0, int dim1);
Tensor unsqueeze(const Tensor& x, int dim);
// Drops `dim` where its size is 1; otherwise gives x as it is, as in PyTorch.
Tensor squeeze(const Tensor& x, int dim);
// The shapes must agree but in `dim`.
Tensor cat(const std::vector<Tensor>& parts, int dim);
// Row-major memory: x itself, or a copy.
Tensor contiguous(const Tensor& x);

}  // namespace wavenet
