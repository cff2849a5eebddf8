#include "wavenet/study/difference.h"

#include <algorithm>
#include <cmath>

#include "wavenet/autograd/autograd.h"

namespace wavenet::study {
namespace {

// What is read to predict a sequence: the end marker, then all but its last token. i32 [1, T].
Tensor read_before(const std::vector<std::int32_t>& sequence) {
  std::vector<std::int32_t> tokens{0};
  tokens.insert(tokens.end(), sequence.begin(), sequence.end() - 1);
  return Tensor::from(tokens, {1, static_cast<std::int64_t>(tokens.size())});
}

}  // namespace

Difference difference(models::Model& a, models::Model& b,
                      const std::vector<std::vector<std::int32_t>>& sequences) {
  check(a.vocabulary() == b.vocabulary(), "difference: vocabularies of {} and {} characters",
        a.vocabulary(), b.vocabulary());
  const NoGrad guard;
  const nn::UseMode a_evaluates(a, nn::Mode::evaluation);
  const nn::UseMode b_evaluates(b, nn::Mode::evaluation);
  Difference result;
  for (const std::vector<std::int32_t>& sequence : sequences) {
    if (sequence.empty()) {
      continue;
    }
    const Tensor tokens = read_before(sequence);
    const std::vector<float> of_a = a.logits(tokens).to_vector<float>();
    const std::vector<float> of_b = b.logits(tokens).to_vector<float>();
    for (std::size_t i = 0; i < of_a.size(); ++i) {
      const double gap = std::abs(of_a[i] - of_b[i]);
      check(std::isfinite(gap), "difference: logits of {} and {}", of_a[i], of_b[i]);
      result.largest = std::max(result.largest, gap);
      result.logit = std::max<double>(result.logit, std::abs(of_a[i]));
    }
  }
  return result;
}

}  // namespace wavenet::study
