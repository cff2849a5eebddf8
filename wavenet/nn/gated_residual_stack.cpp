#include "wavenet/nn/gated_residual_stack.h"

#include <algorithm>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/gated_stack.h"
#include "wavenet/ops/watch.h"

namespace wavenet::nn {
namespace {

// Rows of a sequence from which on what stands between x and the skips would leave the cache.
constexpr std::int64_t kManyRows = 2048;

// Each block passes on only the rows that those after it look back to.
Tensor block_by_block(const std::vector<GatedResidualBlock*>& blocks, Tensor x,
                      const StackRows& rows) {
  std::int64_t reach = 0;  // of the blocks yet to come
  for (const GatedResidualBlock* block : blocks) {
    reach += block->reach();
  }
  Tensor skips;
  std::int64_t past = rows.past;
  for (GatedResidualBlock* block : blocks) {
    reach -= block->reach();
    const std::int64_t spare = std::max<std::int64_t>(0, past - reach);
    GatedResidualBlock::Output output = block->run(x, skips, {spare, past, rows.starts});
    x = output.x;
    skips = output.skips;
    past -= spare;
  }
  return skips;
}

StackedBlock stacked(const GatedResidualBlock& block) {
  StackedBlock to{.weights = {.filter = block.filter().weight(),
                              .filter_bias = block.filter().bias(),
                              .gate = block.gate().weight(),
                              .gate_bias = block.gate().bias(),
                              .skip = block.skip().weight(),
                              .skip_bias = block.skip().bias(),
                              .residual = {},
                              .residual_bias = {}},
                  .geometry = block.filter().geometry()};
  if (const Linear* residual = block.residual(); residual != nullptr) {
    to.weights.residual = residual->weight();
    to.weights.residual_bias = residual->bias();
  }
  return to;
}

// This way shows no layer's result. Under a Trace both are gone: the layers that it sees get the
// gradient of the same skips, and what the parameters get from them once more is dropped.
Tensor by_ranges(const std::vector<GatedResidualBlock*>& blocks, const Tensor& x,
                 std::int64_t past) {
  std::vector<StackedBlock> stack;
  for (const GatedResidualBlock* block : blocks) {
    stack.push_back(stacked(*block));
  }
  Tensor skips = gated_stack(x, stack, {.past = past});
  if (Trace::is_on()) {
    const Tensor seen = block_by_block(blocks, x.detach(), {.past = past});
    if (requires_grad(seen)) {
      skips = watch(skips, [seen](const Tensor& dskips) {
        GradientSet unused;
        const CollectGradients collect(unused);
        backward(seen, dskips);
      });
    }
  }
  return skips;
}

}  // namespace

Tensor run_stack(const std::vector<GatedResidualBlock*>& blocks, const Tensor& x,
                 const StackRows& rows) {
  const bool drops =
      std::ranges::any_of(blocks, [](const GatedResidualBlock* block) { return block->drops(); });
  if (rows.starts != nullptr || drops || x.size(1) < kManyRows) {
    return block_by_block(blocks, x, rows);
  }
  return by_ranges(blocks, x, rows.past);
}

}  // namespace wavenet::nn
