// Inputs: what a model reads of a minibatch, and which of its rows are which.
//
//   Tensor y = model->raw({.x = tokens});                              // i32 [B, T], all rows
//   Tensor z = model->raw({.x = tokens, .rows = {.past = 63}});        // [B, T - 63, ...]
//   Tensor p = model->raw({.x = packed, .rows = {.starts = starts}});  // [1, T], end to end
//
// Left out: what is to be predicted (data/batch.h).
#pragma once

#include "wavenet/tensor/starts.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

struct Rows {
  std::int64_t past = 0;  // the first rows along time are only read: no answer is wanted of them
  Starts starts{};        // of packed sequences, none of which looks back into the one before
};

struct Inputs {
  Tensor
      x;  // codes, i32, or samples, f32: windows [B, block_size], or sequences [B, T]; packed, [1, T]
  Rows rows{};
};

// The target, where targets are codes, of a row of which nothing is to be predicted: such rows count
// neither in the loss nor in its divisor.
inline constexpr std::int32_t kNoTarget = -1;

}  // namespace wavenet
