// WaveNet (van den Oord et al. 2016): a causal input layer, gated residual blocks whose dilations
// grow, all their skip connections added up, and two 1x1 convolutions after ReLUs.
//
//   models::WaveNet model({.vocabulary = 27, .embedding = 24, .residual = 48, .skip = 72,
//                          .dilations = {1, 2, 4, 8}}, rng);
//   Tensor logits = model(tokens);   // i32 [B, T] -> [B, T, 27]
//
// The head starts at zero, so the first loss is exactly ln V. Left out: conditioning.
#pragma once

#include "wavenet/models/model.h"
#include "wavenet/nn/gated_residual_block.h"

namespace wavenet::models {

struct WaveNetOptions {
  std::int64_t vocabulary;
  std::int64_t embedding;
  std::int64_t residual;
  std::int64_t skip;
  std::int64_t width = 2;
  std::vector<std::int64_t> dilations;
  double dropout = 0;
  SharedOutput output{};
  bool ordered = false;  // the codes stand for levels in order (nn/ordered_embedding.h)
};

class WaveNet : public Model {
 public:
  WaveNet(const WaveNetOptions& options, Rng& rng);
  std::string kind() const override { return "WaveNet"; }
  const WaveNetOptions& options() const { return options_; }
  Wiring wiring() const override;
  Tensor raw(const Inputs& inputs) override;

 private:
  WaveNetOptions options_;
  nn::Embedding& embedding_;
  nn::CausalConv1d& input_;
  std::vector<nn::GatedResidualBlock*> blocks_;
  nn::Linear* post_;
  nn::Linear* head_;
};

// 1 + (width - 1) (1 + sum of the dilations): the input layer has dilation 1.
std::int64_t receptive_field(const WaveNetOptions& options);

}  // namespace wavenet::models
