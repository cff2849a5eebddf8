// WaveNet's gated block for long sequences, worked off by ranges of rows (van den Oord et al. 2016,
// figure 4): what stands between x and its two results never leaves the cache.
//
//   auto [y, more] = gated_block(x, skips, weights, {.geometry = {.dilation = 4}});
//   // z = tanh(filter(x)) sigmoid(gate(x)),  y = x + z residual,  more = skips + z skip
//
// The results are those of causal_conv1d, gate and linear, bit for bit; the gradients are sums over
// rows in another order, so the same but for rounding. Left out: packed sequences, dropout, and
// layers without a bias.
#pragma once

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Of R channels in and S skip channels, taps as causal_conv1d has them.
struct GatedBlockWeights {
  Tensor filter, filter_bias;      // [K R, R], [R]
  Tensor gate, gate_bias;          // as the filter's
  Tensor skip, skip_bias;          // [R, S], [S]
  Tensor residual, residual_bias;  // [R, R], [R]; undefined: x is not passed on
};

struct GatedBlockRows {
  ConvGeometry geometry{};     // of filter and gate; its `from` and `starts` are not read
  std::int64_t x_from = 0;     // rows of x before it are not passed on
  std::int64_t skip_from = 0;  // rows of `skips` before it are left out
  std::int64_t at_once = 512;  // rows whose way through the block fits the cache
};

struct GatedBlockOutput {
  Tensor x;      // [B, T - x_from, R], undefined without a residual
  Tensor skips;  // [B, T - skip_from, S]
};

// x: [B, T, R]; skips: [B, T - skip_from, S], undefined for none. Throws Error naming the shapes that
// do not fit.
GatedBlockOutput gated_block(const Tensor& x, const Tensor& skips, const GatedBlockWeights& weights,
                             const GatedBlockRows& rows);

}  // namespace wavenet
