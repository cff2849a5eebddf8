#include "wavenet/baselines/code_counts.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {
namespace {

constexpr std::size_t kClasses = sound::kCodes;
constexpr double kPrior = 4;  // of the unigram, in counts

using Row = std::array<double, kClasses>;

// [before][code] how often each code follows each.
std::vector<Row> pairs_of(const std::vector<Codes>& files) {
  std::vector<Row> counts(kClasses, Row{});
  for (const Codes file : files) {
    std::uint8_t before = sound::kSilence;
    for (const std::uint8_t code : file) {
      ++counts[before][code];
      before = code;
    }
  }
  return counts;
}

double sum(const Row& row) {
  double total = 0;
  for (const double value : row) {
    total += value;
  }
  return total;
}

Row column_sums(const std::vector<Row>& rows) {
  Row total{};
  for (const Row& row : rows) {
    for (std::size_t code = 0; code < kClasses; ++code) {
      total[code] += row[code];
    }
  }
  return total;
}

Row unigram_of(const std::vector<Row>& pairs) {
  Row p = column_sums(pairs);
  const double total = sum(p) + static_cast<double>(kClasses);
  for (double& value : p) {
    value = (value + 1) / total;
  }
  return p;
}

double samples_in(const Row& counts) {
  const double samples = sum(counts);
  check(samples > 0, "marks of sound: there is no sample to predict");
  return samples;
}

double nats(const Row& counts, const Row& p) {
  double total = 0;
  for (std::size_t code = 0; code < kClasses; ++code) {
    total -= counts[code] * std::log(p[code]);
  }
  return total;
}

}  // namespace

double code_unigram_loss(const std::vector<Codes>& train, const std::vector<Codes>& judged) {
  const Row counts = column_sums(pairs_of(judged));
  return nats(counts, unigram_of(pairs_of(train))) / samples_in(counts);
}

double code_bigram_loss(const std::vector<Codes>& train, const std::vector<Codes>& judged) {
  const std::vector<Row> known = pairs_of(train);
  const std::vector<Row> asked = pairs_of(judged);
  const Row prior = unigram_of(known);
  double total = 0;
  for (std::size_t before = 0; before < kClasses; ++before) {
    const double all = sum(known[before]) + kPrior;
    Row p{};
    for (std::size_t code = 0; code < kClasses; ++code) {
      p[code] = (known[before][code] + kPrior * prior[code]) / all;
    }
    total += nats(asked[before], p);
  }
  return total / samples_in(column_sums(asked));
}

}  // namespace wavenet::baselines
