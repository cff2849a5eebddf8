#include "wavenet/models/wavenet.h"

#include "wavenet/nn/gated_residual_stack.h"
#include "wavenet/nn/ordered_embedding.h"
#include "wavenet/ops/elementwise.h"

namespace wavenet::models {
namespace {

nn::GatedResidualBlock made_block(const WaveNetOptions& options, std::size_t number, Rng& rng) {
  return {rng,
          {.residual = options.residual,
           .skip = options.skip,
           .width = options.width,
           .dilation = options.dilations[number],
           .dropout = options.dropout,
           .last = number + 1 == options.dilations.size()}};
}

}  // namespace

WaveNet::WaveNet(const WaveNetOptions& options, Rng& rng)
    : Model({Reads::sequences, models::receptive_field(options), options.vocabulary},
            options.output),
      options_(options),
      embedding_(add_child("embedding", nn::Embedding(options.vocabulary, options.embedding, rng))),
      input_(add_child("input", nn::CausalConv1d(options.embedding, options.residual, rng,
                                                 {.width = options.width}))) {
  for (std::size_t number = 0; number < options.dilations.size(); ++number) {
    blocks_.push_back(
        &add_child(fmt::format("blocks.{}", number), made_block(options, number, rng)));
  }
  post_ = &add_child("post", nn::Linear(options.skip, options.skip, rng));
  head_ = &add_child("head", nn::Linear(options.skip, output().width(), rng, {.gain = 0}));
  if (options.ordered) {
    nn::order_rows(embedding_.weight(), rng);
  }
}

Tensor WaveNet::raw(const Inputs& inputs) {
  const auto& [past, starts] = inputs.rows;
  const Tensor x = input_(embedding_(inputs.x), {0, starts});      // [B, T, R]
  const Tensor skips = nn::run_stack(blocks_, x, {past, starts});  // [B, T - past, S]
  return (*head_)(relu((*post_)(relu(skips))));                    // [B, T - past, width]
}

Wiring WaveNet::wiring() const {
  const auto of = [](const auto& layer) { return Product{layer.weight(), layer.bias()}; };
  Wiring wiring{.embedding = embedding_.weight(),
                .first = {.name = "input", .parts = {of(input_)}, .geometry = input_.geometry()},
                .post = of(*post_),
                .head = of(*head_)};
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
