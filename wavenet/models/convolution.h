// Convolution: the tree as a stack of dilated causal convolutions with the same weights.
//
//   tree, one window at a time              convolution, a whole sequence at once
//     FlattenConsecutive(2), Linear           CausalConv1d(2, dilation 1)
//     FlattenConsecutive(2), Linear           CausalConv1d(2, dilation 2)
//     FlattenConsecutive(2), Linear           CausalConv1d(2, dilation 4)
//
//   auto same = models::convolution_of(*tree);   // same->logits(x) == tree->logits(x)
//
// Neighbouring windows share most of their nodes; the tree computes them again, the convolution
// once (docs/convolution.md). Left out: training it; its BatchNorms only know the tree's
// statistics.
#pragma once

#include "wavenet/models/mlp.h"
#include "wavenet/models/model.h"
#include "wavenet/models/tree.h"
#include "wavenet/nn/causal_conv1d.h"

namespace wavenet::models {

struct ConvolutionOptions {
  std::int64_t vocabulary;
  std::int64_t embedding;
  std::int64_t hidden;
  std::int64_t width;
  std::vector<std::int64_t> dilations;  // of the blocks, first to last
  SharedOutput output{};
};

// tokens: i32 [B, T] -> [B, T - past, width].
class Convolution : public Model {
 public:
  Convolution(const ConvolutionOptions& options, Rng& rng);
  std::string kind() const override { return "Convolution"; }
  const ConvolutionOptions& options() const { return options_; }
  Tensor raw(const Inputs& inputs) override;
  Wiring wiring() const override;
  std::string why_not_trained() const override {
    return "a convolution is made from a trained tree by `wavenet convert`; train a tree or a "
           "wavenet";
  }

 private:
  struct Block {
    nn::CausalConv1d* conv;
    nn::BatchNorm1d* norm;
    nn::Tanh* tanh;
  };

  ConvolutionOptions options_;
  nn::Embedding* embedding_;
  std::vector<Block> blocks_;
  nn::Linear* head_;
};

// The same function of the same weights, which are copied, in evaluation mode. An MLP over n
// characters is one convolution of width n.
std::unique_ptr<Convolution> convolution_of(const Tree& tree);
std::unique_ptr<Convolution> convolution_of(const Mlp& mlp);
// Null for a model that is no tree.
std::unique_ptr<Convolution> convolution_of(const Model& model);
bool is_tree(const Model& model);

}  // namespace wavenet::models
