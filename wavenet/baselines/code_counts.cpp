#include "wavenet/baselines/code_counts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {
namespace {

constexpr std::size_t kClasses = sound::kCodes;
constexpr double kUnigramPrior = 4;  // of the unigram, in counts

using Row = std::array<double, kClasses>;

double sum(const Row& row) {
  double total = 0;
  for (const double value : row) {
    total += value;
  }
  return total;
}

Row in_floating_point(const CodeCounts::Row& counts) {
  Row row{};
  std::transform(counts.begin(), counts.end(), row.begin(),
                 [](std::int64_t count) { return static_cast<double>(count); });
  return row;
}

Row unigram_of(const CodeCounts& counts) {
  Row p = in_floating_point(counts.all());
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

CodeCounts::CodeCounts(const std::vector<Codes>& files) : after_(kClasses, Row{}) {
  for (const Codes file : files) {
    std::uint8_t before = sound::kSilence;
    for (const std::uint8_t code : file) {
      ++after_[before][code];
      before = code;
    }
  }
  for (const Row& row : after_) {
    std::transform(all_.begin(), all_.end(), row.begin(), all_.begin(), std::plus<>());
  }
}

double code_unigram_loss(const CodeCounts& train, const CodeCounts& judged) {
  const Row counts = in_floating_point(judged.all());
  return nats(counts, unigram_of(train)) / samples_in(counts);
}

double code_bigram_loss(const CodeCounts& train, const CodeCounts& judged) {
  const Row prior = unigram_of(train);
  double total = 0;
  for (std::size_t before = 0; before < kClasses; ++before) {
    const Row known = in_floating_point(train.after(before));
    const double all = sum(known) + kUnigramPrior;
    Row p{};
    for (std::size_t code = 0; code < kClasses; ++code) {
      p[code] = (known[code] + kUnigramPrior * prior[code]) / all;
    }
    total += nats(in_floating_point(judged.after(before)), p);
  }
  return total / samples_in(in_floating_point(judged.all()));
}

}  // namespace wavenet::baselines
