#include "wavenet/nn/gated_residual_block.h"

#include <algorithm>

#include "wavenet/ops/gate.h"
#include "wavenet/ops/view.h"

namespace wavenet::nn {
namespace {

// x: [B, T, C] -> [B, T - past, C], a view
Tensor rows_after(const Tensor& x, std::int64_t past) {
  return past == 0 ? x : index(x, {{}, {.start = past}});
}

}  // namespace

GatedResidualBlock::GatedResidualBlock(Rng& rng, const GatedResidualBlockOptions& options)
    : filter_(add_child("filter", CausalConv1d(options.residual, options.residual, rng,
                                               {options.width, options.dilation}))),
      gate_(add_child("gate", CausalConv1d(options.residual, options.residual, rng,
                                           {options.width, options.dilation}))),
      tanh_(add_child("tanh", GatedTanh())),
      dropout_(add_child("dropout", Dropout(options.dropout))),
      residual_(options.last
                    ? nullptr
                    : &add_child("residual", Linear(options.residual, options.residual, rng))),
      skip_(add_child("skip", Linear(options.residual, options.skip, rng))) {}

GatedResidualBlock::Output GatedResidualBlock::run(const Tensor& x, const Tensor& skips,
                                                   const Wanted& wanted) {
  const auto& [x_from, skip_from, starts] = wanted;
  const std::int64_t from = residual_ == nullptr ? skip_from : std::min(x_from, skip_from);
  const Tensor filtered = filter_(x, {from, starts});
  const Tensor gated = gate_(x, {from, starts});
  if (Trace::is_on()) {
    tanh_(filtered.detach());  // which the gate keeps to itself
  }
  const Tensor z = dropout_(wavenet::gate(filtered, gated));  // [B, T - from, R]
  Output output{Tensor(), skip_.added_to(skips, rows_after(z, skip_from - from))};
  if (residual_ != nullptr) {
    output.x = residual_->added_to(rows_after(x, x_from), rows_after(z, x_from - from));
  }
  return output;
}

}  // namespace wavenet::nn
