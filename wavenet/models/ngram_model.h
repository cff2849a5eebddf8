// Ngram: the counting model as a Model, so that whatever works with a network works with it.
//
//   models::Ngram model(27, 6);
//   model.fit(corpus.train());
//   Tensor log_p = model.logits(tokens);   // i32 [B, T] -> [B, T, V]
//
// Left out: gradients; it is fitted, not trained.
#pragma once

#include <optional>

#include "wavenet/baselines/ngram.h"
#include "wavenet/models/model.h"

namespace wavenet::models {

class Ngram : public Model {
 public:
  Ngram(std::int64_t vocabulary, std::int64_t order);
  std::string kind() const override { return "Ngram"; }
  // Of the longest counted; the receptive field is one less, but at least 1.
  std::int64_t order() const { return order_; }

  bool takes_steps() const override { return false; }
  void fit(const baselines::NgramCounts::Sequences& sequences) override;
  void load(const std::map<std::string, Tensor>& saved) override;
  const baselines::NgramCounts* counted() const override { return &counts(); }
  // Throws Error before fit() or load().
  const baselines::NgramCounts& counts() const;
  // Logarithms of probabilities.
  Tensor raw(const Inputs& inputs) override;
  // In double, and without the probabilities of all other tokens.
  std::vector<double> losses(const Inputs& inputs, const Tensor& targets) override;
  output::Score judge(const Inputs& inputs, const Tensor& targets) override;

 private:
  void take(baselines::NgramCounts counts);

  std::int64_t order_;
  std::optional<baselines::NgramCounts> counts_;
};

// How many tokens a counting model counts together; nothing for every other model.
std::optional<std::int64_t> counted_order(const Model& model);

}  // namespace wavenet::models
