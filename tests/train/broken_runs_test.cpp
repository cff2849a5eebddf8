// Runs broken on purpose get the verdict that names what was broken; healthy ones get none. All
// train for real, for a moment, on the embedded names.
#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/base/python_random.h"
#include "wavenet/train/verdict.h"
#include "wavenet/wavenet.h"

namespace wavenet::train {
namespace {

constexpr std::int64_t kSteps = 2000;
constexpr std::int64_t kWindow = 50;
constexpr std::int64_t kLooks = 10;        // evaluations and watched steps of a run
constexpr std::size_t kJudgedWords = 400;  // of val

struct Names {
  const data::Corpus corpus = *data::open_corpus(models::load_recipe("mlp-3"), "", 42);
  Marks marks{
      .uniform = baselines::uniform_loss(corpus.vocabulary().size()),
      .unigram = baselines::unigram_loss(corpus.train(), corpus.val(), corpus.vocabulary().size())};
};

const Names& names() {
  static const Names all;
  return all;
}

std::vector<data::Sequence> first_of(const std::vector<data::Sequence>& words, std::size_t count) {
  return {words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)};
}

double loss_on(models::Model& model, const std::vector<data::Sequence>& words) {
  model.eval();
  const double loss = mean_loss(model, words);
  model.train();
  return loss;
}

// A training run with everything that a verdict is drawn from.
class Run {
 public:
  Run(models::Model& model, data::BatchSource& batches, Config recipe,
      std::vector<data::Sequence> val)
      : model_(model),
        batches_(batches),
        recipe_(std::move(recipe)),
        val_(std::move(val)),
        verdicts_([&] {
          return Reference{.marks = names().marks,
                           .learning_rate = recipe_.number("train.learning_rate", 0, 1000)};
        }()) {}

  std::optional<Verdict> judged() {
    Trainer trainer(model_, batches_, recipe_);
    double window = 0;
    for (std::int64_t step = 0; step < kSteps; ++step) {
      const bool looks = step % (kSteps / kLooks) == 0 || step + 1 == kSteps;
      Watch watch(model_, step);
      try {
        window += trainer.step(looks ? &watch : nullptr);
      } catch (const Error&) {
        verdicts_.add(WindowRecord{step + 1, std::numeric_limits<double>::quiet_NaN()});
        break;
      }
      if (looks) {
        note(watch);
      }
      if ((step + 1) % kWindow == 0) {
        verdicts_.add(WindowRecord{step + 1, window / kWindow});
        window = 0;
      }
      if ((step + 1) % (kSteps / kLooks) == 0) {
        verdicts_.add(Evaluation{step + 1, "val", loss_on(model_, val_)});
      }
    }
    return verdicts_.judge();
  }

 private:
  void note(const Watch& watch) {
    for (const LayerRecord& layer : watch.layers()) {
      verdicts_.add(layer);
    }
    for (const ParameterRecord& parameter : watch.parameters()) {
      verdicts_.add(parameter);
    }
  }

  models::Model& model_;
  data::BatchSource& batches_;
  Config recipe_;
  std::vector<data::Sequence> val_;
  Verdicts verdicts_;
};

void scale_parameters(const nn::Module& model, float by) {
  for (const auto& [name, tensor] : model.parameters()) {
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      tensor.data<float>()[i] *= by;
    }
  }
}

// Each window's target is that of another one.
class ShuffledTargets : public data::BatchSource {
 public:
  explicit ShuffledTargets(const data::BatchSource& source) : source_(source) {}
  std::int64_t shards() const override { return source_.shards(); }
  data::Batch shard(std::int64_t step, std::int64_t shard) const override {
    data::Batch batch = source_.shard(step, shard);
    std::vector<std::int32_t> targets = batch.targets.to_vector<std::int32_t>();
    PythonRandom(static_cast<std::uint64_t>(7 + step)).shuffle(targets);
    batch.targets = Tensor::from(targets, batch.targets.shape());
    return batch;
  }

 private:
  const data::BatchSource& source_;
};

struct Broken {
  double rate = 1;    // times the recipe's
  float weights = 1;  // times the initial ones
  bool shuffled = false;
  std::size_t words = 0;  // of train; 0: all
};

std::optional<Verdict> verdict_of_windows(const std::string& name, models::Model& model,
                                          const Broken& broken) {
  Config recipe = models::load_recipe(name);
  recipe.set(fmt::format("train.learning_rate={}", 0.1 * broken.rate));
  if (broken.weights != 1) {
    scale_parameters(model, broken.weights);
  }
  const data::Corpus& corpus = names().corpus;
  Rng rng(1);
  data::RandomWindows windows(
      data::make_windows(
          first_of(corpus.train(), broken.words > 0 ? broken.words : corpus.train().size()),
          model.receptive_field()),
      32, rng, 0);
  ShuffledTargets shuffled(windows);
  data::BatchSource& batches =
      broken.shuffled ? shuffled : static_cast<data::BatchSource&>(windows);
  Run run(model, batches, recipe, first_of(corpus.val(), kJudgedWords));
  return run.judged();
}

std::optional<Verdict> mlp(const Broken& broken, std::int64_t block_size = 3) {
  Rng rng(42);
  models::Mlp model({.vocabulary = 27, .block_size = block_size, .embedding = 10, .hidden = 200},
                    rng);
  return verdict_of_windows("mlp-3", model, broken);
}

std::optional<Verdict> tree(const Broken& broken) {
  Rng rng(42);
  models::Tree model({.vocabulary = 27, .block_size = 8, .embedding = 10, .hidden = 68}, rng);
  return verdict_of_windows("tree-22k", model, broken);
}

std::optional<Verdict> wavenet(const Broken& broken) {
  Rng rng(42);
  models::WaveNet model(
      {.vocabulary = 27, .embedding = 10, .residual = 16, .skip = 24, .dilations = {1, 2, 4}}, rng);
  if (broken.weights != 1) {
    scale_parameters(model, broken.weights);
  }
  Config recipe = models::load_recipe("wavenet-names");
  recipe.set(fmt::format("train.learning_rate={}", 0.003 * broken.rate));
  recipe.set("train.warmup=50");
  recipe.set(fmt::format("train.steps={}", kSteps));
  const data::Corpus& corpus = names().corpus;
  data::WholeSequences batches(
      first_of(corpus.train(), broken.words > 0 ? broken.words : corpus.train().size()),
      {.batch = 16}, 42);
  Run run(model, batches, recipe, first_of(corpus.val(), kJudgedWords));
  return run.judged();
}

void expect_only(const std::optional<Verdict>& given, const std::string& name,
                 const std::string& advice) {
  ASSERT_TRUE(given);
  EXPECT_EQ(given->name, name) << given->because << "; try " << given->advice;
  EXPECT_NE(given->advice.find(advice), std::string::npos) << given->advice;
}

void expect_none(const std::optional<Verdict>& given) {
  EXPECT_FALSE(given) << given->name << ": " << given->because;
}

TEST(BrokenRuns, ARateAHundredTimesTooHighDiverges) {
  expect_only(mlp({.rate = 100}), "diverging", "a lower train.learning_rate than 10");
  expect_only(tree({.rate = 100}), "diverging", "a lower train.learning_rate than 10");
}

// AdamW's large steps leave every ReLU at zero.
TEST(BrokenRuns, ARateAHundredTimesTooHighKillsAWaveNet) {
  expect_only(wavenet({.rate = 100}), "dead", "a lower train.learning_rate than 0.3");
}

TEST(BrokenRuns, ShuffledTargetsTeachNoMoreThanCounting) {
  expect_only(mlp({.shuffled = true}), "worse than counting", "the data");
  expect_only(tree({.shuffled = true}), "worse than counting", "the data");
}

TEST(BrokenRuns, WeightsOfZeroAreDead) {
  expect_only(mlp({.weights = 0}), "dead", "initial weights");
  expect_only(tree({.weights = 0}), "dead", "initial weights");
  expect_only(wavenet({.weights = 0}), "dead", "initial weights");
}

TEST(BrokenRuns, WeightsThirtyTimesTooLargeAreSaturated) {
  expect_only(mlp({.weights = 30}), "saturated", "smaller initial weights");
  expect_only(tree({.weights = 30}), "saturated", "smaller initial weights");
  expect_only(wavenet({.weights = 30}), "saturated", "smaller initial weights");
}

TEST(BrokenRuns, AFewWordsAreOverFitted) {
  expect_only(mlp({.words = 30}, 8), "over-fitting", "more data");
  expect_only(tree({.words = 30}), "over-fitting", "more data");
  expect_only(wavenet({.words = 30}), "over-fitting", "more data");
}

TEST(BrokenRuns, AMillionthOfTheRateLearnsNothing) {
  expect_only(mlp({.rate = 1e-6}), "not learning", "a higher train.learning_rate");
  expect_only(wavenet({.rate = 1e-6}), "not learning", "a higher train.learning_rate");
}

TEST(BrokenRuns, AThousandthOfTheRateLearnsTooSlowly) {
  expect_only(mlp({.rate = 1e-3}), "worse than counting", "a higher train.learning_rate");
}

TEST(HealthyRuns, GetNoVerdict) {
  expect_none(mlp({}));
  expect_none(mlp({}, 8));
  expect_none(tree({}));
  expect_none(wavenet({}));
}

}  // namespace
}  // namespace wavenet::train
