#include "wavenet/models/wavenet.h"

#include <algorithm>

#include "wavenet/ops/elementwise.h"

namespace wavenet::models {
namespace {

std::vector<nn::GatedResidualBlock*> made_blocks(nn::Sequential& model,
                                                 const WaveNetOptions& options, Rng& rng) {
  std::vector<nn::GatedResidualBlock*> blocks;
  for (const std::int64_t dilation : options.dilations) {
    const std::size_t number = blocks.size();
    blocks.push_back(
        &model.add(fmt::format("blocks.{}", number),
                   nn::GatedResidualBlock(rng, {.residual = options.residual,
                                                .skip = options.skip,
                                                .width = options.width,
                                                .dilation = dilation,
                                                .dropout = options.dropout,
                                                .last = number + 1 == options.dilations.size()})));
  }
  return blocks;
}

}  // namespace

WaveNet::WaveNet(const WaveNetOptions& options, Rng& rng)
    : Model(Reads::sequences, models::receptive_field(options), options.vocabulary),
      options_(options),
      embedding_(add("embedding", nn::Embedding(options.vocabulary, options.embedding, rng))),
      input_(add("input", nn::CausalConv1d(options.embedding, options.residual, rng,
                                           {.width = options.width}))),
      blocks_(made_blocks(*this, options, rng)),
      post_(add("post", nn::Linear(options.skip, options.skip, rng))),
      head_(add("head", nn::Linear(options.skip, options.vocabulary, rng, {.gain = 0}))) {}

// Each block passes on only the rows that those after it look back to.
Tensor WaveNet::forward_after(const Tensor& tokens, std::int64_t past) {
  Tensor x = input_(embedding_(tokens));                    // [B, T, R]
  Tensor skips;                                             // [B, T - past, S]
  std::int64_t reach = receptive_field() - options_.width;  // of the blocks yet to come
  for (nn::GatedResidualBlock* block : blocks_) {
    reach -= (options_.width - 1) * block->filter().geometry().dilation;
    const std::int64_t spare = std::max<std::int64_t>(0, past - reach);
    nn::GatedResidualBlock::Output output = block->run(x, skips, spare, past);
    x = output.x;
    skips = output.skips;
    past -= spare;
  }
  return head_(relu(post_(relu(skips))));  // [B, T - past, V]
}

Wiring WaveNet::wiring() const {
  const auto of = [](const auto& layer) { return Product{layer.weight(), layer.bias()}; };
  Wiring wiring{.embedding = embedding_.weight(),
                .first = {.name = "input", .parts = {of(input_)}, .geometry = input_.geometry()},
                .post = of(post_),
                .head = of(head_)};
  for (const nn::GatedResidualBlock* block : blocks_) {
    wiring.blocks.push_back(
        {.name = fmt::format("blocks.{}", wiring.blocks.size()),
         .parts = {of(block->filter()), of(block->gate())},
         .geometry = block->filter().geometry(),
         .residual = block->residual() != nullptr ? of(*block->residual()) : Product(),
         .skip = of(block->skip())});
  }
  return wiring;
}

std::int64_t receptive_field(const WaveNetOptions& options) {
  std::int64_t field = options.width;
  for (const std::int64_t dilation : options.dilations) {
    field += (options.width - 1) * dilation;
  }
  return field;
}

}  // namespace wavenet::models
