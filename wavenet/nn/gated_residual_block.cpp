#include "wavenet/nn/gated_residual_block.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/gate.h"
#include "wavenet/ops/gated_block.h"
#include "wavenet/ops/view.h"
#include "wavenet/ops/watch.h"

namespace wavenet::nn {
namespace {

// x: [B, T, C] -> [B, T - past, C], a view
Tensor rows_after(const Tensor& x, std::int64_t past) {
  return past == 0 ? x : index(x, {{}, {.start = past}});
}

// Rows of a sequence from which on what stands between x and the results would leave the cache.
constexpr std::int64_t kManyRows = 2048;

using Output = GatedResidualBlock::Output;

// The layers that `seen` was computed by see the gradients that reach `taken`, the same results by
// another way. What the parameters would get once more is dropped.
void show_gradients(const Output& seen, Output& taken) {
  const auto dx = std::make_shared<Tensor>();
  const auto dskips = std::make_shared<Tensor>();
  std::vector<Tensor> results{seen.skips};
  if (seen.x.defined()) {
    results.push_back(seen.x);
  }
  Tensor both = zeros({1});
  autograd::record("show_gradients", both, std::move(results),
                   [dx, dskips](const Tensor&, const autograd::InputGradients& d) {
                     d.give(0, *dskips);
                     if (dx->defined()) {
                       d.give(1, *dx);
                     }
                   });
  taken.skips = watch(taken.skips, [both, dskips](const Tensor& dy) {
    GradientSet unused;
    const CollectGradients collect(unused);
    *dskips = dy;
    backward(both);
  });
  if (taken.x.defined()) {  // newer than skips, so its gradient is there first
    taken.x = watch(taken.x, [dx](const Tensor& dy) { *dx = dy; });
  }
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

// The way by ranges of rows shows no layer's result, so under a Trace both are gone, and what the
// parameters get does not depend on it.
Output GatedResidualBlock::run(const Tensor& x, const Tensor& skips, const Wanted& wanted) {
  if (wanted.starts != nullptr || dropout_.drops() || x.size(1) < kManyRows) {
    return run_whole(x, skips, wanted);
  }
  Output output = run_by_ranges(x, skips, wanted);
  if (Trace::is_on()) {
    const Output seen = run_whole(x.detach(), skips.defined() ? skips.detach() : skips, wanted);
    if (requires_grad(seen.skips)) {
      show_gradients(seen, output);
    }
  }
  return output;
}

Output GatedResidualBlock::run_by_ranges(const Tensor& x, const Tensor& skips,
                                         const Wanted& wanted) const {
  GatedBlockWeights weights{.filter = filter_.weight(),
                            .filter_bias = filter_.bias(),
                            .gate = gate_.weight(),
                            .gate_bias = gate_.bias(),
                            .skip = skip_.weight(),
                            .skip_bias = skip_.bias(),
                            .residual = {},
                            .residual_bias = {}};
  if (residual_ != nullptr) {
    weights.residual = residual_->weight();
    weights.residual_bias = residual_->bias();
  }
  auto [y, more] = gated_block(
      x, skips, weights,
      {.geometry = filter_.geometry(), .x_from = wanted.x_from, .skip_from = wanted.skip_from});
  return {y, more};
}

Output GatedResidualBlock::run_whole(const Tensor& x, const Tensor& skips, const Wanted& wanted) {
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
