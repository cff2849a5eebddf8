#include "wavenet/study/table.h"

#include <algorithm>
#include <chrono>

#include "wavenet/models/convolution.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/train/evaluate.h"
#include "wavenet/train/trainer.h"

namespace wavenet::study {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t steps_of(const Step& step) {
  return step.recipe.integer("train.steps", 1, run::kMaxSteps);
}

// A network at the start of its training.
class Network {
 public:
  Network(const Step& step, const data::Dataset& data, const Setting& setting)
      : state_(begun(step, data, setting.seed)),
        batches_(run::batches_for(state_, data)),
        trainer_(*state_.model, *batches_, state_.saved.recipe,
                 {.seed = setting.seed,
                  .threads = setting.threads.most,
                  .choose_threads = setting.threads.choose}) {}

  // The last minibatch's loss.
  double train(std::int64_t steps) {
    double loss = 0;
    for (std::int64_t i = 0; i < steps; ++i) {
      loss = trainer_.step();
    }
    return loss;
  }
  std::unique_ptr<models::Model> model() { return std::move(state_.model); }

 private:
  static run::State begun(const Step& step, const data::Dataset& data, std::uint64_t seed) {
    run::State state{{.recipe = step.recipe, .codec = data.codec(), .seed = seed, .rng = Rng(seed)},
                     nullptr};
    state.model = step.build(data.codec()->size(), state.saved.rng);
    return state;
  }

  run::State state_;
  std::unique_ptr<data::BatchSource> batches_;
  train::Trainer trainer_;
};

}  // namespace

Row Table::row(const Step& step, const Follow& follow) {
  switch (step.kind) {
    case Kind::trained:
      return train(step, follow);
    case Kind::converted:
      return convert();
    case Kind::counted:
      break;
  }
  return count(step);
}

double Table::expected_seconds(const std::vector<Step>& steps) const {
  constexpr std::int64_t kTrial = 24;  // enough for the choice of threads
  double seconds = 0;
  for (const Step& step : steps) {
    if (step.kind == Kind::trained) {
      Network network(step, *data_, setting_);
      network.train(kTrial);
      const auto start = Clock::now();
      network.train(kTrial);
      seconds += seconds_since(start) * static_cast<double>(steps_of(step)) / kTrial;
    }
  }
  return seconds;
}

// A tree by its windows, not by the convolution that it could be.
Row Table::judged(models::Model& model, double seconds) const {
  const int threads = setting_.threads.most;
  return {.train = train::mean_loss(model, data_->sequences("train"), threads),
          .val = train::mean_loss(model, data_->sequences("val"), threads),
          .parameters = model.parameter_count(),
          .seconds = seconds};
}

Row Table::train(const Step& step, const Follow& follow) {
  constexpr std::int64_t kAtOnce = 10;
  const std::int64_t steps = steps_of(step);
  const auto tell = [&](const Progress& progress) {
    if (follow) {
      follow(progress);
    }
  };
  const auto start = Clock::now();
  Network network(step, *data_, setting_);
  for (std::int64_t done = 0; done < steps;) {
    const std::int64_t more = std::min(kAtOnce, steps - done);
    const double loss = network.train(more);
    done += more;
    tell({.done = done, .steps = steps, .loss = loss});
  }
  const double seconds = seconds_since(start);
  tell({.done = steps, .steps = steps});
  std::unique_ptr<models::Model> model = network.model();
  Row row = judged(*model, seconds);
  row.steps = steps;
  if (models::is_tree(*model)) {
    tree_ = std::move(model);
  }
  return row;
}

Row Table::convert() const {
  check(tree_ != nullptr, "study: no tree has been trained that could be converted");
  const auto start = Clock::now();
  const auto convolution = models::convolution_of(*tree_);
  Row row = judged(*convolution, seconds_since(start));
  row.apart = difference(*tree_, *convolution, data_->sequences("val"));
  return row;
}

Row Table::count(const Step& step) const {
  const std::vector<data::Sequence>& train = data_->sequences("train");
  const auto start = Clock::now();
  models::Ngram model(data_->codec()->size(),
                      step.recipe.integer("model.order", 1, baselines::NgramCounts::kMaxOrder));
  model.fit(train);
  const double seconds = seconds_since(start);
  return {.train = model.counts().loss(train),
          .val = model.counts().loss(data_->sequences("val")),
          .seconds = seconds,
          .ngrams = model.counts().size()};
}

}  // namespace wavenet::study
