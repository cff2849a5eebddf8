// Categorical: a logit for each code; their softmax is the probability of the next one, and the loss
// is the cross entropy (van den Oord et al. 2016, section 2.2).
//
//   const output::Categorical output(/*classes=*/27);
//   Tensor loss = output.loss(logits, targets);   // [B, T, 27] and i32 [B, T] -> []
//
// Label smoothing e, which training alone sees: the target is 1 - e and e / classes more on every
// class (Szegedy et al. 2016, section 7). Left out: class weights.
#pragma once

#include "wavenet/output/output.h"

namespace wavenet::output {

class Categorical : public Output {
 public:
  // Throws Error for fewer classes than 1 and for a smoothing outside [0, 1).
  explicit Categorical(std::int64_t classes, double label_smoothing = 0);
  std::string kind() const override { return "categorical"; }
  std::int64_t width() const override { return classes_; }
  Tensor loss(const Tensor& raw, const Tensor& targets) const override;
  std::vector<double> losses(const Tensor& raw, const Tensor& targets) const override;
  Score judge(const Tensor& raw, const Tensor& targets) const override;
  std::unique_ptr<Sampler> sampler(const DrawOptions& options) const override;

 private:
  // [N, V], one a target. Throws Error for other shapes.
  Tensor rows_of(const Tensor& raw, const Tensor& targets) const;

  std::int64_t classes_;
  double label_smoothing_;
};

// Reads train.label_smoothing.
std::shared_ptr<const Output> categorical(const Config& recipe, std::int64_t codes);

}  // namespace wavenet::output
