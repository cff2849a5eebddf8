// Output: what the numbers mean that a model's last layer gives, the likelihood: the loss on them,
// a judgement of them, and how the next code is drawn from them.
//
//   const Tensor raw = model.raw(batch.inputs);                       // [B, T, width]
//   backward(model.output().loss(raw, batch.targets));
//   Score score = model.output().judge(raw, batch.targets);           // adds up over pieces
//   auto sampler = model.output().sampler({.temperature = 0.8});
//   std::int32_t next = sampler->draw(sampler->prepare(row), u);      // u: uniform in [0, 1)
//
// `raw` is [..., width], and `targets` of the same shape without the width: codes, i32, of which -1
// (kNoTarget, tensor/inputs.h) stands where nothing is to be predicted, or samples, f32. An Output is
// immutable, and any thread may use it.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wavenet/base/config.h"
#include "wavenet/base/registry.h"
#include "wavenet/base/rng.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::output {

// Losses that add up over pieces, threads and processes.
struct Score {
  double sum = 0;  // of the losses
  double weight =
      0;  // what they are held against: how many there are, or the squares of the targets
  double mean() const { return sum / weight; }
};

// How codes are drawn. Temperature comes first, then the three filters, each of what the one before
// it kept.
struct DrawOptions {
  double temperature = 1.0;  // above 1 wilder, below tamer; 0 takes the likeliest
  std::int64_t top_k = 0;    // keep the k likeliest; 0 keeps all
  double top_p = 1.0;        // keep the likeliest until they reach a share p of the rest
  double min_p = 0.0;        // keep those of at least min_p times the largest probability
};
// Throws UsageError for values out of range.
void check_options(const DrawOptions& options);

// Draws codes. Allocates only when it is made; one thread at a time may use it.
class Sampler {
 public:
  virtual ~Sampler() = default;
  // raw: [width], of one place -> what draws from there need, [width], valid until the next call.
  // Throws Error for numbers that nothing can be drawn from, as NaN is.
  virtual std::span<const float> prepare(std::span<const float> raw) = 0;
  // A code, by one uniform number of [0, 1).
  virtual std::int32_t draw(std::span<const float> prepared, double u) const = 0;
  // The same from a stream of random numbers.
  virtual std::int32_t draw_with(std::span<const float> prepared, Rng& rng) const {
    return draw(prepared, rng.uniform_double());
  }
  // How likely the code is to be drawn; 0 where that is not known at a glance.
  virtual double share(std::span<const float> prepared, std::int32_t code) const {
    static_cast<void>(prepared);
    static_cast<void>(code);
    return 0;
  }
};

class Output {
 public:
  virtual ~Output() = default;
  virtual std::string kind() const = 0;  // as a recipe names it: "categorical"
  virtual std::int64_t width() const = 0;
  // Of a score's mean.
  virtual std::string unit() const { return "nats"; }
  // What training makes smaller: [], the mean over all targets, with its gradient.
  virtual Tensor loss(const Tensor& raw, const Tensor& targets) const = 0;
  // Of each target, row-major; 0 where there is none: -ln p, unless the output says otherwise.
  virtual std::vector<double> losses(const Tensor& raw, const Tensor& targets) const = 0;
  // Their sum.
  virtual Score judge(const Tensor& raw, const Tensor& targets) const;
  // Of each net, where several answer side by side; else that one score.
  virtual std::vector<Score> judge_each(const Tensor& raw, const Tensor& targets) const {
    return {judge(raw, targets)};
  }
  // Throws UsageError for options out of range or that this output has no use for; the defaults it
  // always takes.
  virtual std::unique_ptr<Sampler> sampler(const DrawOptions& options) const = 0;
};

// The sum of such losses, where there is a target.
Score sum_of(const std::vector<double>& losses, const Tensor& targets);

// How many targets there are; every sample is one.
std::int64_t count_targets(const Tensor& targets);

// Of a recipe's "model.output", for codes from 0 to `choices` - 1, or for so many nets side by side.
using Maker =
    std::function<std::shared_ptr<const Output>(const Config& recipe, std::int64_t choices)>;
Registry<Maker>& registry();
// Where the recipe names none, categorical.
std::shared_ptr<const Output> build(const Config& recipe, std::int64_t choices);

}  // namespace wavenet::output
