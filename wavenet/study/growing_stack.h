// GrowingStack: a WaveNet whose gate, residual and skip connections can be left out, to see what
// each is good for.
//
//   study::GrowingStack plain({.vocabulary = 27, .embedding = 10, .channels = 40, .skip = 24,
//                              .dilations = {1, 2, 4, 8}}, {}, rng);
//   study::GrowingStack gated(options, {.gate = true}, rng);
//   Tensor logits = gated(tokens);   // i32 [B, T] -> [B, T, 27]
//
// With all three it is models::WaveNet: the same names, draws and results. Left out: dropout, and
// generation step by step (generate/stream.h).
#pragma once

#include "wavenet/models/model.h"
#include "wavenet/nn/causal_conv1d.h"

namespace wavenet::study {

struct StackOptions {
  std::int64_t vocabulary;
  std::int64_t embedding;
  std::int64_t channels;
  std::int64_t skip;  // channels of the head
  std::vector<std::int64_t> dilations;
};

struct StackParts {
  bool gate = false;  // tanh(filter) is multiplied by sigmoid(gate)
  bool residual =
      false;          // a block adds a 1x1 of its result to its input; else passes on the result
  bool skip = false;  // every block reaches the head; else the last one alone
};

class GrowingStack : public models::Model {
 public:
  GrowingStack(const StackOptions& options, const StackParts& parts, Rng& rng);
  std::string kind() const override { return "GrowingStack"; }
  Tensor raw(const Inputs& inputs) override;

 private:
  struct Block {  // null: the part is left out
    nn::CausalConv1d* filter;
    nn::CausalConv1d* gate;
    nn::Linear* residual;
    nn::Linear* skip;
  };
  Block made_block(std::size_t number, const StackOptions& options, const StackParts& parts,
                   Rng& rng);

  nn::Embedding& embedding_;
  nn::CausalConv1d& input_;
  std::vector<Block> blocks_;
  nn::Linear* post_;
  nn::Linear* head_;
};

}  // namespace wavenet::study
