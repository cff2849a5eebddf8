#include "wavenet/models/tree.h"

#include <bit>

namespace wavenet::models {

Tree::Tree(const TreeOptions& options, Rng& rng)
    : Chain({Reads::windows, options.block_size, options.vocabulary}, options.output),
      options_(options) {
  if (options.block_size < 2 ||
      !std::has_single_bit(static_cast<std::uint64_t>(options.block_size))) {
    fail_usage("recipe: model.block_size of a tree must be a power of two from 2, got {}",
               options.block_size);
  }
  add("embedding", nn::Embedding(options.vocabulary, options.embedding, rng));
  std::int64_t channels = options.embedding;
  int block = 0;
  for (std::int64_t length = options.block_size; length > 1; length /= 2) {
    const std::string name = fmt::format("blocks.{}.", block++);
    add(name + "fuse", nn::FlattenConsecutive(2));
    add(name + "linear", nn::Linear(2 * channels, options.hidden, rng, {.bias = false}));
    add(name + "norm", nn::BatchNorm1d(options.hidden));
    add(name + "tanh", nn::Tanh());
    channels = options.hidden;
  }
  add("head", nn::Linear(channels, output().width(), rng, {.gain = 0.1}));
}

std::vector<std::int64_t> tree_dilations(const TreeOptions& options) {
  std::vector<std::int64_t> dilations;
  for (std::int64_t dilation = 1; dilation < options.block_size; dilation *= 2) {
    dilations.push_back(dilation);
  }
  return dilations;
}

}  // namespace wavenet::models
