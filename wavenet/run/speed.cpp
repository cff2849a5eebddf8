#include "wavenet/run/speed.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "wavenet/base/split_mix.h"
#include "wavenet/generate/words.h"
#include "wavenet/run/judge.h"
#include "wavenet/train/trainer.h"

namespace wavenet::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kWarmUp = 20;  // calls that are not measured

// Counts what is to be predicted in the minibatches that pass through it, asked for by one thread.
class Counted : public data::BatchSource {
 public:
  explicit Counted(const data::BatchSource& source) : source_(source) {}
  std::int64_t shards() const override { return source_.shards(); }
  data::Batch shard(std::int64_t step, std::int64_t shard) const override {
    data::Batch batch = source_.shard(step, shard);
    targets_ += output::count_targets(batch.targets);
    ++shards_;
    return batch;
  }
  double targets_a_batch() const {
    return static_cast<double>(targets_ * shards()) / static_cast<double>(shards_);
  }

 private:
  const data::BatchSource& source_;
  mutable std::int64_t targets_ = 0;
  mutable std::int64_t shards_ = 0;
};

// What a stream computes for a code: each layer once, the first being a table.
double multiply_adds_of_stream(const models::Model& model) {
  models::Wiring wiring = model.wiring();
  wiring.first = {};
  for (models::Wiring::Block& block : wiring.blocks) {
    block.times = 1;
  }
  return static_cast<double>(models::multiply_adds(wiring));
}

}  // namespace

Pace pace_of(double seconds, const std::function<void()>& work) {
  const auto run = [&](double limit, std::int64_t most) {
    const auto start = Clock::now();
    double spent = 0;
    std::int64_t calls = 0;
    do {
      work();
      ++calls;
      spent = std::chrono::duration<double>(Clock::now() - start).count();
    } while (spent < limit && calls < most);
    return Pace{spent / static_cast<double>(calls), calls};
  };
  run(seconds / 10, kWarmUp);
  return run(seconds, std::numeric_limits<std::int64_t>::max());
}

TrainingSpeed training_speed(State& state, const data::Dataset& data, const SpeedOptions& how) {
  const std::unique_ptr<data::BatchSource> source = batches_for(state, data);
  const Counted batches(*source);
  train::Trainer trainer(*state.model, batches, state.saved.recipe,
                         {.seed = state.saved.seed,
                          .threads = how.threads.most,
                          .choose_threads = how.threads.choose,
                          .steps_done = state.saved.step});
  const Pace pace = pace_of(how.seconds, [&] { trainer.step(); });
  const double targets = batches.targets_a_batch();
  const auto multiply_adds = static_cast<double>(models::multiply_adds(state.model->wiring()));
  return {.step = pace,
          .targets = targets,
          .gflops = 3 * 2 * multiply_adds * targets / pace.seconds / 1e9,
          .threads = trainer.threads()};
}

JudgingSpeed judging_speed(models::Model& model, const data::Dataset& data,
                           const SpeedOptions& how) {
  model.eval();
  const Pace pace = pace_of(how.seconds, [&] { loss_of(model, data, "val", how.threads.most); });
  return {.pass = pace, .targets = data.pass("val", {})->targets()};
}

StreamSpeed stream_speed(const models::Model& model, const SpeedOptions& how) {
  constexpr std::int64_t kCodes = 1000;  // of a call
  generate::Stream codes(model);
  const auto sampler = model.output().sampler({});
  std::uint64_t number = 0;
  const Pace pace = pace_of(how.seconds, [&] {
    for (std::int64_t i = 0; i < kCodes; ++i) {
      const double u = unit_interval(split_mix(++number));
      codes.push(sampler->draw(sampler->prepare(codes.logits()), u));
    }
  });
  const double rate = static_cast<double>(kCodes) / pace.seconds;
  return {.codes_per_second = rate, .gflops = 2 * multiply_adds_of_stream(model) * rate / 1e9};
}

double sampling_speed(const models::Model& model, std::uint64_t seed, const SpeedOptions& how) {
  constexpr std::int64_t kLongest = 1000;
  constexpr int kWordsACall = 100;
  generate::Words words(model, {.max_length = kLongest}, seed);
  std::int64_t codes = 0;
  std::int64_t calls = 0;
  const Pace pace = pace_of(how.seconds, [&] {
    ++calls;
    for (int i = 0; i < kWordsACall; ++i) {
      codes += static_cast<std::int64_t>(words.next().tokens.size()) + 1;
    }
  });
  return static_cast<double>(codes) / static_cast<double>(calls) / pace.seconds;
}

std::int64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{1024} * usage.ru_maxrss;
}

}  // namespace wavenet::run
