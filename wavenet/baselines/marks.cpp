#include "wavenet/baselines/marks.h"

#include <cmath>
#include <cstddef>

#include "wavenet/base/check.h"

namespace wavenet::baselines {
namespace {

using Sequences = std::vector<std::vector<std::int32_t>>;

// [V] how often each token occurs.
std::vector<double> counts_of(const Sequences& sequences, std::int64_t vocabulary) {
  std::vector<double> counts(static_cast<std::size_t>(vocabulary));
  for (const std::vector<std::int32_t>& sequence : sequences) {
    for (const std::int32_t token : sequence) {
      check(token >= 0 && token < vocabulary, "unigram: token {} is outside 0 to {}", token,
            vocabulary - 1);
      ++counts[static_cast<std::size_t>(token)];
    }
  }
  return counts;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) {
    total += value;
  }
  return total;
}

}  // namespace

double uniform_loss(std::int64_t vocabulary) {
  check(vocabulary >= 1, "uniform: a vocabulary of {} has no token", vocabulary);
  return std::log(static_cast<double>(vocabulary));
}

double unigram_loss(const Sequences& train, const Sequences& sequences, std::int64_t vocabulary) {
  check(vocabulary >= 1, "unigram: a vocabulary of {} has no token", vocabulary);
  const std::vector<double> known = counts_of(train, vocabulary);
  const std::vector<double> asked = counts_of(sequences, vocabulary);
  const double tokens = sum(asked);
  check(tokens > 0, "unigram: there is no token to predict");
  const double total = sum(known) + static_cast<double>(vocabulary);
  double nats = 0;
  for (std::size_t token = 0; token < known.size(); ++token) {
    nats -= asked[token] * std::log((known[token] + 1) / total);
  }
  return nats / tokens;
}

}  // namespace wavenet::baselines
