// WaveNet's stack of gated blocks for long sequences (van den Oord et al. 2016, figure 4), worked off
// by ranges of rows: each range goes through all blocks before the next one begins, so what stands
// between x and the sum of skips stays in the cache.
//
//   Tensor skips = gated_stack(x, blocks, {.past = 2046});   // x: [B, T, R] -> [B, T - 2046, S]
//   // of each block: z = tanh(filter(x)) sigmoid(gate(x)),  x += z residual,  skips += z skip
//
// The results are those of causal_conv1d, gate and linear, bit for bit; the gradients are sums over
// rows in another order, so the same but for rounding. Left out: packed sequences, dropout, and
// layers without a bias.
#pragma once

#include <vector>

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Of R channels in and S skip channels, taps as causal_conv1d has them.
struct GatedBlockWeights {
  Tensor filter, filter_bias;      // [K R, R], [R]
  Tensor gate, gate_bias;          // as the filter's
  Tensor skip, skip_bias;          // [R, S], [S]
  Tensor residual, residual_bias;  // [R, R], [R]; undefined in the last block, which passes no x on
};

struct StackedBlock {
  GatedBlockWeights weights;
  ConvGeometry geometry{};  // of filter and gate; its `from` and `starts` are not read
};

struct GatedStackRows {
  std::int64_t past = 0;       // rows of x that are only looked back to: they have no skips
  std::int64_t at_once = 256;  // rows that go through all blocks together
};

// x: [B, T, R] -> [B, T - past, S]. Throws Error naming the shapes that do not fit.
Tensor gated_stack(const Tensor& x, const std::vector<StackedBlock>& blocks,
                   const GatedStackRows& rows);

}  // namespace wavenet
