// The stack of WaveNet's layers: each passes x on to the next, and the sum of their skips is what the
// head reads (van den Oord et al. 2016, figure 4).
//
//   nn::GatedResidualBlock block(rng, {.residual = 48, .skip = 72, .last = true});
//   Tensor skips = nn::run_stack({&block}, x, {.past = 1});   // [B, T, 48] -> [B, T - 1, 72]
//
// Long sequences go through all blocks by ranges of rows (ops/gated_stack.h), with the same bits.
#pragma once

#include <vector>

#include "wavenet/nn/gated_residual_block.h"

namespace wavenet::nn {

struct StackRows {
  std::int64_t past = 0;  // rows of x that are only looked back to
  Starts starts{};        // of packed sequences (tensor/inputs.h)
};

Tensor run_stack(const std::vector<GatedResidualBlock*>& blocks, const Tensor& x,
                 const StackRows& rows);

}  // namespace wavenet::nn
