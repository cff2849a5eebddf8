#include "wavenet/models/ngram_model.h"

#include <cmath>

#include "wavenet/ops/view.h"

namespace wavenet::models {

Ngram::Ngram(std::int64_t vocabulary, std::int64_t order)
    // It looks back over order - 1 tokens, and one always stands there.
    : Model(Reads::sequences, std::max<std::int64_t>(1, order - 1), vocabulary), order_(order) {}

void Ngram::take(NgramCounts counts) {
  check(!counts_, "ngram: the model is fitted already");
  counts_ = std::move(counts);
  for (const auto& [name, tensor] : counts_->state()) {
    add_buffer(name, tensor);
  }
}

void Ngram::fit(const NgramCounts::Sequences& sequences) {
  take(NgramCounts::fit(sequences, vocabulary(), order_));
}

void Ngram::load(const std::map<std::string, Tensor>& saved) {
  take(NgramCounts::from_state(saved, vocabulary(), order_));
}

const NgramCounts& Ngram::counts() const {
  check(counts_.has_value(), "ngram: the model has not been fitted");
  return *counts_;
}

Tensor Ngram::forward(const Tensor& tokens) {
  const NgramCounts& counted = counts();
  const Tensor rows = contiguous(tokens);
  const auto length = static_cast<std::size_t>(rows.size(1));
  Tensor log_p = Tensor::empty({rows.size(0), rows.size(1), vocabulary()});
  std::vector<double> p(static_cast<std::size_t>(vocabulary()));
  auto* to = log_p.data<float>();
  for (std::int64_t b = 0; b < rows.size(0); ++b) {
    const std::int32_t* row = rows.data<std::int32_t>() + b * rows.size(1);
    for (std::size_t t = 0; t < length; ++t) {
      counted.probabilities({row, t + 1}, p);
      for (const double value : p) {
        *to++ = static_cast<float>(std::log(value));
      }
    }
  }
  return log_p;
}

std::optional<std::int64_t> counted_order(const Model& model) {
  const auto* ngram = dynamic_cast<const Ngram*>(&model);
  return ngram != nullptr ? std::optional(ngram->order()) : std::nullopt;
}

}  // namespace wavenet::models
