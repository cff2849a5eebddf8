#include "wavenet/output/categorical.h"

#include "wavenet/ops/loss.h"
#include "wavenet/ops/view.h"
#include "wavenet/output/odds.h"

namespace wavenet::output {

Categorical::Categorical(std::int64_t classes, double label_smoothing)
    : classes_(classes), label_smoothing_(label_smoothing) {
  check(classes >= 1, "categorical: needs at least 1 class, got {}", classes);
  check(label_smoothing >= 0 && label_smoothing < 1,
        "categorical: label smoothing must be in [0, 1), got {}", label_smoothing);
}

Tensor Categorical::rows_of(const Tensor& raw, const Tensor& targets) const {
  check(raw.rank() >= 1 && raw.size(-1) == classes_ && raw.numel() == targets.numel() * classes_,
        "categorical: needs [..., {}] for targets {}, got {}", classes_, targets.shape(),
        raw.shape());
  return reshape(raw, {-1, classes_});
}

Tensor Categorical::loss(const Tensor& raw, const Tensor& targets) const {
  return cross_entropy(rows_of(raw, targets), reshape(targets, {-1}), label_smoothing_);
}

std::vector<double> Categorical::losses(const Tensor& raw, const Tensor& targets) const {
  const Tensor log_p = log_softmax(contiguous(rows_of(raw, targets)));
  std::vector<double> all;
  for (const std::int32_t target : targets.to_vector<std::int32_t>()) {
    check(target >= kNoTarget && target < classes_, "categorical: target {} is outside [0, {})",
          target, classes_);
    const std::int64_t row = std::ssize(all) * classes_;
    all.push_back(target < 0 ? 0 : -static_cast<double>(log_p.data<float>()[row + target]));
  }
  return all;
}

Score Categorical::judge(const Tensor& raw, const Tensor& targets) const {
  const Tensor logits = rows_of(raw, targets);
  const auto weight = static_cast<double>(count_targets(targets));
  if (weight == 0) {
    return {};
  }
  const double mean = cross_entropy(logits, reshape(targets, {-1})).item();
  return {mean * weight, weight};
}

std::unique_ptr<Sampler> Categorical::sampler(const DrawOptions& options) const {
  return std::make_unique<Odds>(options, classes_);
}

std::shared_ptr<const Output> categorical(const Config& recipe, std::int64_t codes) {
  return std::make_shared<Categorical>(codes,
                                       recipe.number_or("train.label_smoothing", 0, 0, 0.99));
}

}  // namespace wavenet::output
