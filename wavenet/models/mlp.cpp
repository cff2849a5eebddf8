#include "wavenet/models/mlp.h"

namespace wavenet::models {

Mlp::Mlp(const MlpOptions& options, Rng& rng)
    : Chain({Reads::windows, options.block_size, options.vocabulary}, options.output),
      options_(options) {
  add("embedding", nn::Embedding(options.vocabulary, options.embedding, rng));
  add("blocks.0.flatten", nn::Flatten());
  add("blocks.0.linear",
      nn::Linear(options.block_size * options.embedding, options.hidden, rng, {.bias = false}));
  add("blocks.0.norm", nn::BatchNorm1d(options.hidden));
  add("blocks.0.tanh", nn::Tanh());
  add("head", nn::Linear(options.hidden, output().width(), rng, {.gain = 0.1}));
}

}  // namespace wavenet::models
