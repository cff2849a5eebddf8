#include "wavenet/models/convolution.h"

#include <map>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/view.h"

namespace wavenet::models {
namespace {

// A normalised convolution as one with a bias: (x W) scale + shift = x (W scale) + shift.
Product folded(const nn::CausalConv1d& conv, const nn::BatchNorm1d& norm) {
  const NoGrad guard;
  const auto [scale, shift] = norm.evaluation();
  return {conv.weight() * scale, shift};
}

std::int64_t field_of(const ConvolutionOptions& options) {
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
  to->begin_after(from.before());
  to->eval();
  return to;
}

}  // namespace

Convolution::Convolution(const ConvolutionOptions& options, Rng& rng)
    : Model({Reads::sequences, field_of(options), options.vocabulary}, options.output),
      options_(options) {
  embedding_ = &add_child("embedding", nn::Embedding(options.vocabulary, options.embedding, rng));
  std::int64_t channels = options.embedding;
  for (const std::int64_t dilation : options.dilations) {
    const std::string name = fmt::format("blocks.{}.", blocks_.size());
    auto& conv =
        add_child(name + "conv",
                  nn::CausalConv1d(channels, options.hidden, rng,
                                   {.width = options.width, .dilation = dilation, .bias = false}));
    auto& norm = add_child(name + "norm", nn::BatchNorm1d(options.hidden));
    blocks_.push_back({&conv, &norm, &add_child(name + "tanh", nn::Tanh())});
    channels = options.hidden;
  }
  head_ = &add_child("head", nn::Linear(channels, output().width(), rng, {.gain = 0.1}));
}

Tensor Convolution::raw(const Inputs& inputs) {
  Tensor x = (*embedding_)(inputs.x);
  for (const Block& block : blocks_) {
    // One after the other, so that each result is freed when the next is there.
    x = (*block.conv)(x, {0, inputs.rows.starts});
    x = (*block.norm)(x);
    x = (*block.tanh)(x);
  }
  const Tensor all = (*head_)(x);
  return inputs.rows.past == 0 ? all : contiguous(index(all, {{}, {.start = inputs.rows.past}}));
}

Wiring Convolution::wiring() const {
  Wiring wiring{.embedding = embedding_->weight(), .head = {head_->weight(), head_->bias()}};
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const auto& [conv, norm, tanh] = blocks_[i];
    Wiring::Block block{.name = fmt::format("blocks.{}", i),
                        .parts = {folded(*conv, *norm)},
                        .geometry = conv->geometry()};
    if (i == 0) {
      wiring.first = std::move(block);
    } else {
      wiring.blocks.push_back(std::move(block));
    }
  }
  return wiring;
}

// A tree computes its lowest fusion at half of its characters, the next at a quarter, and so on.
Wiring Tree::wiring() const {
  Wiring wiring = convolution_of(*this)->wiring();
  std::int64_t nodes = options_.block_size / 2;
  wiring.first.times = nodes;
  for (Wiring::Block& block : wiring.blocks) {
    block.times = nodes /= 2;
  }
  return wiring;
}

std::unique_ptr<Model> Tree::cheaper() const { return convolution_of(*this); }

Wiring Mlp::wiring() const { return convolution_of(*this)->wiring(); }

std::unique_ptr<Convolution> convolution_of(const Tree& tree) {
  const TreeOptions& from = tree.options();
  return with_weights_of(
      tree, {from.vocabulary, from.embedding, from.hidden, 2, tree_dilations(from), from.output});
}

std::unique_ptr<Convolution> convolution_of(const Mlp& mlp) {
  const MlpOptions& from = mlp.options();
  return with_weights_of(
      mlp, {from.vocabulary, from.embedding, from.hidden, from.block_size, {1}, from.output});
}

bool is_tree(const Model& model) { return dynamic_cast<const Tree*>(&model) != nullptr; }

std::unique_ptr<Convolution> convolution_of(const Model& model) {
  const auto* tree = dynamic_cast<const Tree*>(&model);
  return tree != nullptr ? convolution_of(*tree) : nullptr;
}

}  // namespace wavenet::models
