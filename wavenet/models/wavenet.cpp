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

std::int64_t receptive_field(const WaveNetOptions& options) {
  std::int64_t field = options.width;
  for (const std::int64_t dilation : options.dilations) {
    field += (options.width - 1) * dilation;
  }
  return field;
}

// An answer sees the sums of one multiple of each dilation, in whatever order the layers stand.
// With the smaller ones seeing all of the last `field` characters, the next place is theirs or
// nobody's.
std::string skipped_samples(const WaveNetOptions& options) {
  std::vector<std::int64_t> sorted = options.dilations;
  std::sort(sorted.begin(), sorted.end());
  std::int64_t field = options.width;
  for (const std::int64_t dilation : sorted) {
    if (options.width > 1 && dilation > field) {
      return fmt::format(
          "model.dilations: dilation {} skips characters, as the layers of smaller ones see only "
          "{}",
          dilation, field);
    }
    field += (options.width - 1) * dilation;
  }
  return "";
}

}  // namespace wavenet::models
