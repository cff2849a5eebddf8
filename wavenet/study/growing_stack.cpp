#include "wavenet/study/growing_stack.h"

#include "wavenet/models/wavenet.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/gate.h"
#include "wavenet/ops/view.h"

namespace wavenet::study {
namespace {

std::int64_t receptive_field(const StackOptions& options) {
  return models::receptive_field(models::WaveNetOptions{.vocabulary = options.vocabulary,
                                                        .embedding = options.embedding,
                                                        .residual = options.channels,
                                                        .skip = options.skip,
                                                        .dilations = options.dilations});
}

}  // namespace

GrowingStack::GrowingStack(const StackOptions& options, const StackParts& parts, Rng& rng)
    : Model({models::Reads::sequences, study::receptive_field(options), options.vocabulary},
            nullptr),
      embedding_(add_child("embedding", nn::Embedding(options.vocabulary, options.embedding, rng))),
      input_(add_child("input", nn::CausalConv1d(options.embedding, options.channels, rng))) {
  for (std::size_t number = 0; number < options.dilations.size(); ++number) {
    blocks_.push_back(made_block(number, options, parts, rng));
  }
  post_ = &add_child("post", nn::Linear(options.skip, options.skip, rng));
  head_ = &add_child("head", nn::Linear(options.skip, options.vocabulary, rng, {.gain = 0}));
}

GrowingStack::Block GrowingStack::made_block(std::size_t number, const StackOptions& options,
                                             const StackParts& parts, Rng& rng) {
  const std::string name = fmt::format("blocks.{}.", number);
  const bool last = number + 1 == options.dilations.size();
  const std::int64_t channels = options.channels;
  const nn::CausalConv1dOptions dilated{.dilation = options.dilations[number]};
  Block block{};
  block.filter = &add_child(name + "filter", nn::CausalConv1d(channels, channels, rng, dilated));
  if (parts.gate) {
    block.gate = &add_child(name + "gate", nn::CausalConv1d(channels, channels, rng, dilated));
  }
  if (parts.residual && !last) {
    block.residual = &add_child(name + "residual", nn::Linear(channels, channels, rng));
  }
  if (parts.skip || last) {
    block.skip = &add_child(name + "skip", nn::Linear(channels, options.skip, rng));
  }
  return block;
}

Tensor GrowingStack::raw(const Inputs& inputs) {
  const Rows rows{0, inputs.rows.starts};
  Tensor x = input_(embedding_(inputs.x), rows);  // [B, T, C]
  Tensor skips;                                   // [B, T, S]
  for (const Block& block : blocks_) {
    const Tensor filtered = (*block.filter)(x, rows);
    const Tensor z = block.gate ? gate(filtered, (*block.gate)(x, rows)) : tanh(filtered);
    if (block.skip) {
      const Tensor found = (*block.skip)(z);
      skips = skips.defined() ? skips + found : found;
    }
    x = block.residual ? x + (*block.residual)(z) : z;
  }
  if (inputs.rows.past > 0) {
    skips = contiguous(index(skips, {{}, {.start = inputs.rows.past}}));
  }
  return (*head_)(relu((*post_)(relu(skips))));  // [B, T - past, V]
}

}  // namespace wavenet::study
