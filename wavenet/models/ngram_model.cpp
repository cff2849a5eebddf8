#include "wavenet/models/ngram_model.h"

#include <algorithm>
#include <cmath>

#include "wavenet/ops/view.h"

namespace wavenet::models {
namespace {

// visit(history) for each row that is wanted: the tokens of its sequence up to it.
template <class Visit>
void for_each_history(const Inputs& inputs, const Visit& visit) {
  const Tensor rows = contiguous(inputs.x);
  const std::int64_t length = rows.size(1);
  const std::vector<std::int64_t> starts =
      inputs.rows.starts == nullptr ? std::vector<std::int64_t>{0} : *inputs.rows.starts;
  for (std::int64_t b = 0; b < rows.size(0); ++b) {
    const std::int32_t* row = rows.data<std::int32_t>() + b * length;
    for (std::size_t s = 0; s < starts.size(); ++s) {
      const std::int64_t end = s + 1 < starts.size() ? starts[s + 1] : length;
      for (std::int64_t t = std::max(starts[s], inputs.rows.past); t < end; ++t) {
        visit({row + starts[s], static_cast<std::size_t>(t - starts[s] + 1)});
      }
    }
  }
}

}  // namespace

Ngram::Ngram(std::int64_t vocabulary, std::int64_t order)
    // It looks back over order - 1 tokens, and one always stands there.
    : Model({Reads::sequences, std::max<std::int64_t>(1, order - 1), vocabulary}, nullptr),
      order_(order) {}

void Ngram::take(baselines::NgramCounts counts) {
  check(!counts_, "ngram: the model is fitted already");
  counts_ = std::move(counts);
  for (const auto& [name, tensor] : counts_->state()) {
    add_buffer(name, tensor);
  }
}

void Ngram::fit(const baselines::NgramCounts::Sequences& sequences) {
  take(baselines::NgramCounts::fit(sequences, vocabulary(), order_));
}

void Ngram::load(const std::map<std::string, Tensor>& saved) {
  take(baselines::NgramCounts::from_state(saved, vocabulary(), order_));
}

const baselines::NgramCounts& Ngram::counts() const {
  check(counts_.has_value(), "ngram: the model has not been fitted");
  return *counts_;
}

Tensor Ngram::raw(const Inputs& inputs) {
  check_inputs(inputs);
  const baselines::NgramCounts& counted = counts();
  Tensor log_p =
      Tensor::empty({inputs.x.size(0), inputs.x.size(1) - inputs.rows.past, vocabulary()});
  std::vector<double> p(static_cast<std::size_t>(vocabulary()));
  auto* to = log_p.data<float>();
  for_each_history(inputs, [&](std::span<const std::int32_t> history) {
    counted.probabilities(history, p);
    for (const double value : p) {
      *to++ = static_cast<float>(std::log(value));
    }
  });
  return log_p;
}

std::vector<double> Ngram::losses(const Inputs& inputs, const Tensor& targets) {
  const baselines::NgramCounts& counted = counts();
  std::vector<double> all;
  check_inputs(inputs);
  const std::vector<std::int32_t> wanted = targets.to_vector<std::int32_t>();
  check(targets.numel() == inputs.x.size(0) * (inputs.x.size(1) - inputs.rows.past),
        "ngram: targets {} for tokens {} after a past of {}", targets.shape(), inputs.x.shape(),
        inputs.rows.past);
  for_each_history(inputs, [&](std::span<const std::int32_t> history) {
    const std::int32_t target = wanted[all.size()];
    all.push_back(target < 0 ? 0 : -std::log(counted.probability(history, target)));
  });
  return all;
}

output::Score Ngram::judge(const Inputs& inputs, const Tensor& targets) {
  return output::sum_of(losses(inputs, targets), targets);
}

std::optional<std::int64_t> counted_order(const Model& model) {
  const auto* ngram = dynamic_cast<const Ngram*>(&model);
  return ngram != nullptr ? std::optional(ngram->order()) : std::nullopt;
}

}  // namespace wavenet::models
