#include "wavenet/study/wrong_norm_tree.h"

#include "wavenet/study/batch_only_norm.h"

namespace wavenet::study {

WrongNormTree::WrongNormTree(const models::TreeOptions& options, Rng& rng)
    : Chain({models::Reads::windows, options.block_size, options.vocabulary}, options.output) {
  add("embedding", nn::Embedding(options.vocabulary, options.embedding, rng));
  std::int64_t channels = options.embedding;
  std::int64_t length = options.block_size;
  for (std::size_t block = 0; block < models::tree_dilations(options).size(); ++block) {
    const std::string name = fmt::format("blocks.{}.", block);
    length /= 2;
    add(name + "fuse", nn::FlattenConsecutive(2));
    add(name + "linear", nn::Linear(2 * channels, options.hidden, rng, {.bias = false}));
    add(name + "norm", BatchNormOverBatchOnly(length, options.hidden));
    add(name + "tanh", nn::Tanh());
    channels = options.hidden;
  }
  add("head", nn::Linear(channels, output().width(), rng, {.gain = 0.1}));
}

}  // namespace wavenet::study
