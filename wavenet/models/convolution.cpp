#include "wavenet/models/convolution.h"

#include <map>

namespace wavenet::models {
namespace {

std::int64_t receptive_field(const ConvolutionOptions& options) {
  std::int64_t field = 1;
  for (const std::int64_t dilation : options.dilations) {
    field += (options.width - 1) * dilation;
  }
  return field;
}

// Copies the state of `from`, whose linear layers become convolutions.
std::unique_ptr<Convolution> with_weights_of(const Model& from, const ConvolutionOptions& options) {
  Rng unused;
  auto to = std::make_unique<Convolution>(options, unused);
  std::map<std::string, Tensor> state;
  for (const auto& [name, tensor] : from.state()) {
    std::string renamed = name;
    const std::size_t at = renamed.find(".linear.");
    if (at != std::string::npos) {
      renamed.replace(at, std::string_view(".linear.").size(), ".conv.");
    }
    state[renamed] = tensor;
  }
  nn::load_state(*to, state);
  to->eval();
  return to;
}

}  // namespace

Convolution::Convolution(const ConvolutionOptions& options, Rng& rng)
    : Model(Reads::sequences, models::receptive_field(options), options.vocabulary),
      options_(options) {
  embedding_ = &add("embedding", nn::Embedding(options.vocabulary, options.embedding, rng));
  std::int64_t channels = options.embedding;
  for (const std::int64_t dilation : options.dilations) {
    const std::string name = fmt::format("blocks.{}.", blocks_.size());
    const auto& conv =
        add(name + "conv",
            nn::CausalConv1d(channels, options.hidden, rng,
                             {.width = options.width, .dilation = dilation, .bias = false}));
    blocks_.push_back({&conv, &add(name + "norm", nn::BatchNorm1d(options.hidden))});
    add(name + "tanh", nn::Tanh());
    channels = options.hidden;
  }
  head_ = &add("head", nn::Linear(channels, options.vocabulary, rng, {.gain = 0.1}));
}

std::unique_ptr<Convolution> convolution_of(const Tree& tree) {
  const TreeOptions& from = tree.options();
  return with_weights_of(tree,
                         {from.vocabulary, from.embedding, from.hidden, 2, tree_dilations(from)});
}

std::unique_ptr<Convolution> convolution_of(const Mlp& mlp) {
  const MlpOptions& from = mlp.options();
  return with_weights_of(mlp, {from.vocabulary, from.embedding, from.hidden, from.block_size, {1}});
}

}  // namespace wavenet::models
