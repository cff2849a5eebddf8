// Wiring (a computation graph): what a model computes for each token, as data: its products
// with their weights, and how far each looks back. Cost, receptive field, drawing and the form that
// generation runs are read off it.
//
//   const models::Wiring wiring = model->wiring();
//   models::multiply_adds(wiring);
//   for (const models::StackLayer& layer : models::stack_of(wiring)) { ... }   // from the input upwards
//
//   tokens -> embedding -> first -> blocks -> post -> head -> logits
//
// A block with one convolution is followed by a tanh; one with two is gated, tanh(first) sigmoid(second),
// and adds to the sum of skips, which post and head read after a ReLU each. Weights are shared with the
// model, norms folded into them as they are in evaluation. Left out: models that count.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wavenet/ops/causal_conv1d.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::models {

struct Product {
  Tensor weight{};  // [in, out], of a convolution [taps in, out]; undefined: there is none
  Tensor bias{};    // [out]
};

struct Wiring {
  struct Block {
    std::string name;
    std::vector<Product> parts;  // convolutions of the same rows
    ConvGeometry geometry{};
    Product residual{};      // of a gated block but the last
    Product skip{};          // of a gated block
    std::int64_t times = 1;  // places at which the model itself computes it for one token
  };

  Tensor embedding{};  // [V, E]; undefined for a model that has no wiring
  Block first{};
  std::vector<Block> blocks{};
  Product post{};
  Product head{};

  bool is_empty() const { return !embedding.defined(); }
};

// Of one token: what its products multiply and add. A training step is three times as many.
std::int64_t multiply_adds(const Wiring& wiring);

// A layer that looks back in time, as what it is to a drawing.
struct StackLayer {
  std::string name;
  std::int64_t width;
  std::int64_t dilation;
};
// A tree's fusion is a layer of width 2, an MLP's window one layer as wide. Empty without wiring.
std::vector<StackLayer> stack_of(const Wiring& wiring);

// 1 + the sum of (width - 1) dilation.
std::int64_t receptive_field(const std::vector<StackLayer>& stack);

// How far back each input of layer `index` lies on which the last output depends: sorted, 0 first.
std::vector<std::int64_t> seen_by_last(const std::vector<StackLayer>& stack, std::size_t index);

// One line about the smallest dilation that is larger than what the layers of smaller ones see, so
// that some tokens of the past reach no output; empty when every one does.
std::string skipped_samples(const std::vector<StackLayer>& stack);

}  // namespace wavenet::models
