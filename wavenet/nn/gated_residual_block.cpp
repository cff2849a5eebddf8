#include "wavenet/nn/gated_residual_block.h"

#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/gate.h"

namespace wavenet::nn {

GatedResidualBlock::GatedResidualBlock(Rng& rng, const GatedResidualBlockOptions& options)
    : filter_(add_child("filter", CausalConv1d(options.residual, options.residual, rng,
                                               {options.width, options.dilation}))),
      gate_(add_child("gate", CausalConv1d(options.residual, options.residual, rng,
                                           {options.width, options.dilation}))),
      dropout_(add_child("dropout", Dropout(options.dropout))),
      residual_(options.last
                    ? nullptr
                    : &add_child("residual", Linear(options.residual, options.residual, rng))),
      skip_(add_child("skip", Linear(options.residual, options.skip, rng))) {}

GatedResidualBlock::Output GatedResidualBlock::run(const Tensor& x) {
  const Tensor filtered = filter_(x);
  const Tensor gated = gate_(x);
  const Tensor z = dropout_(wavenet::gate(filtered, gated));
  return {residual_ == nullptr ? Tensor() : x + (*residual_)(z), skip_(z)};
}

Tensor GatedResidualBlock::forward(const Tensor& x) {
  const Output output = run(x);
  return output.x.defined() ? output.x : output.skip;
}

}  // namespace wavenet::nn
