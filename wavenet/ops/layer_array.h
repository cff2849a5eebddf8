// An array of dilated layers, as amplifier models have one or two: from samples to the residual and to
// the head, time contiguous, worked off item by item in ranges of time that stay in the cache.
//
//   const LayerArrayGeometry geometry{.layers = {{.dilation = 1}, {.dilation = 2}}, .head_length = 8192};
//   Tensor head = layer_array({.x = x, .condition = x}, array_weights, geometry).head;
//
//   u = rechannel x;  of each layer  a = activation(conv u + mixin condition),  u += out a,  sum += a
//   head = head_convolution of the sum, which goes on from head_sum
//
// Every tensor ends with the same sample, and of each layer only those samples are computed that are
// asked for behind it. Backward keeps one tensor a layer, what the activation gave (or, where its slope
// asks for that, was given), and computes the residual anew. Threads: items are shared among
// kernel_threads(); gradients of weights are added up over items by a fixed tree.
#pragma once

#include <vector>

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

// In the order of PyTorch's Conv1d: y[o, t] = bias[o] + sum over i, k of
// weight[o, i, k] x[i, t - (K - 1 - k) dilation].
struct ConvWeights {
  Tensor weight{};  // [out, in, K]
  Tensor bias{};    // [out]; undefined: none
};

// Of C channels, N of them bent (the bottleneck).
struct ArrayLayerWeights {
  ConvWeights conv{};  // [N, C, K], with a bias
  Tensor mixin{};      // [N, Cc, 1]
  ConvWeights out{};   // [C, N, 1], with a bias
};

struct LayerArrayWeights {
  Tensor rechannel{};  // [C, Cin, 1]
  std::vector<ArrayLayerWeights> layers{};
  ConvWeights head{};  // [H, N, K]
};

struct ArrayLayerGeometry {
  std::int64_t dilation = 1;
  Activation activation{};
};

struct LayerArrayGeometry {
  std::vector<ArrayLayerGeometry> layers{};
  std::int64_t head_dilation = 1;
  std::int64_t x_length = 0;  // samples of u that are wanted, to the end; 0: u is not computed
  std::int64_t head_length = 1;
  std::int64_t at_once = 384;  // samples that are worked off at once, whose way fits the cache
};

struct LayerArrayInputs {
  Tensor x{};          // [B, Cin, T]
  Tensor condition{};  // [B, Cc, Tc]
  Tensor head_sum{};   // [B, N, Th]; undefined: the sum starts at zero
};

struct LayerArrayOutput {
  Tensor x{};     // [B, C, x_length]; undefined where none is wanted
  Tensor head{};  // [B, H, head_length]
};

// How many samples of x are read, and of head_sum.
struct LayerArrayReach {
  std::int64_t x = 0;
  std::int64_t head_sum = 0;
};
LayerArrayReach reach_of(const std::vector<std::int64_t>& kernels, std::int64_t head_kernel,
                         const LayerArrayGeometry& geometry);

// Throws Error naming the shapes that do not fit, and inputs too short for what is wanted.
LayerArrayOutput layer_array(const LayerArrayInputs& inputs, const LayerArrayWeights& weights,
                             const LayerArrayGeometry& geometry);

}  // namespace wavenet
