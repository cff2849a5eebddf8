// What a Watch says of a step, against the same numbers worked out from tensors by hand.
#include "wavenet/train/watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/train/words.h"
#include "wavenet/data/text/batches.h"
#include "wavenet/models/recipes.h"
#include "wavenet/train/trainer.h"
#include "wavenet/wavenet.h"

namespace wavenet::train {
namespace {

Config recipe_of(const std::string& name) {
  Config recipe = models::load_recipe(name);
  recipe.set("train.steps=100");
  return recipe;
}

std::vector<float> all_of(const nn::NamedTensors& tensors) {
  std::vector<float> all;
  for (const auto& [name, tensor] : tensors) {
    const std::vector<float> values = tensor.to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

// Steps of a tree on made-up words, the last one watched or not.
template <class Use>
std::vector<float> after_steps(int steps, bool watched, const Use& use) {
  const Config recipe = recipe_of("tree-22k");
  Rng rng(42);
  const auto model = models::build(recipe, kVocabulary, rng);
  data::RandomWindows batches(data::make_windows(made_up_words(50, 9), 8), 32, rng, 0);
  Trainer trainer(*model, batches, recipe);
  for (int i = 0; i + 1 < steps; ++i) {
    trainer.step();
  }
  Watch watch(*model, steps - 1);
  trainer.step(watched ? &watch : nullptr);
  use(*model, watch);
  return all_of(model->state());
}

TEST(Watch, ChangesNoBit) {
  const auto nothing = [](const models::Model&, const Watch&) {};
  EXPECT_EQ(after_steps(5, true, nothing), after_steps(5, false, nothing));
}

TEST(Watch, SeesEveryLayerWithItsGradient) {
  after_steps(1, true, [](const models::Model&, const Watch& watch) {
    std::vector<std::string> names;
    for (const LayerRecord& layer : watch.layers()) {
      names.push_back(layer.name + " " + layer.kind);
      EXPECT_EQ(std::accumulate(layer.activation.counts.begin(), layer.activation.counts.end(),
                                std::int64_t{0}) %
                    32,
                0)
          << layer.name;
      EXPECT_EQ(layer.saturated.has_value(), layer.kind == "Tanh") << layer.name;
      // The first product is by a table (ops/embedded_linear.h), so nothing goes back to its rows.
      const bool before_table = layer.name == "embedding" || layer.name == "blocks.0.fuse";
      ASSERT_EQ(layer.gradient.has_value(), !before_table) << layer.name;
      EXPECT_TRUE(before_table || layer.gradient->std > 0) << layer.name;
    }
    ASSERT_EQ(names.size(), 14U);
    EXPECT_EQ(names[0], "embedding Embedding");
    EXPECT_EQ(names[4], "blocks.0.tanh Tanh");
    EXPECT_EQ(names[13], "head Linear");
  });
}

// BatchNorm's output over a minibatch has mean 0 and, by the unbiased variance over N rows,
// a mean square of (N - 1) / N; the tanh of the last level has 32 rows of 68 channels.
TEST(Watch, MomentsOfNormalisedLayers) {
  after_steps(1, true, [](const models::Model&, const Watch& watch) {
    for (const LayerRecord& layer : watch.layers()) {
      if (layer.name == "blocks.2.norm") {
        EXPECT_NEAR(layer.activation.mean, 0, 1e-6);
        EXPECT_NEAR(layer.activation.std, std::sqrt(31.0 / 32), 1e-4);
      }
      if (layer.name == "blocks.2.tanh") {
        EXPECT_EQ(std::accumulate(layer.activation.counts.begin(), layer.activation.counts.end(),
                                  std::int64_t{0}),
                  32 * 68);
        EXPECT_GE(layer.activation.low, -1);
        EXPECT_LE(layer.activation.high, 1);
      }
    }
  });
}

// SGD moves a parameter by rate times its gradient, so the ratio is rate std(g) / std(p).
TEST(Watch, UpdateRatioIsThatOfSgd) {
  after_steps(3, true, [](const models::Model&, const Watch& watch) {
    int seen = 0;
    for (const ParameterRecord& record : watch.parameters()) {
      if (record.std > 1e-3) {
        EXPECT_NEAR(record.update_ratio, std::log10(0.1 * record.gradient_std / record.std), 2e-3)
            << record.name;
        ++seen;
      }
    }
    EXPECT_GE(seen, 5);
  });
}

TEST(Watch, RangesOfRunningStatistics) {
  after_steps(2, true, [](const models::Model& model, const Watch& watch) {
    ASSERT_EQ(watch.norms().size(), 3U);
    for (const auto& [name, tensor] : model.buffers()) {
      if (name == "blocks.1.norm.running_var") {
        std::vector<float> values = tensor.to_vector<float>();
        std::sort(values.begin(), values.end());
        EXPECT_EQ(watch.norms()[1].variance,
                  (Spread{static_cast<double>(values.front()), static_cast<double>(values[34]),
                          static_cast<double>(values.back())}));
      }
    }
  });
}

// A saturated tanh is one beyond 0.97, a dead channel one that is so in every row.
TEST(Watch, CountsSaturatedAndDead) {
  class Steep : public nn::Layer {
   public:
    Steep() : tanh_(add_child("tanh", nn::Tanh())), scale_(add_parameter("scale", ones({2}))) {}
    std::string kind() const override { return "Steep"; }
    Tensor forward(const Tensor& x) override { return tanh_(x * scale_); }

   private:
    nn::Tanh& tanh_;
    Tensor scale_;
  };
  Steep model;
  Watch watch(model, 0);
  const nn::Trace trace(model, watch.visit());
  // Channel 0: 3, -3, 3, -4 are all beyond atanh(0.97) = 2.09; channel 1: one of four is.
  model(Tensor::from<float>({3, 0, -3, 1, 3, 2.2F, -4, -1}, {4, 2}));
  ASSERT_EQ(watch.layers().size(), 1U);
  EXPECT_EQ(watch.layers()[0].saturated, 5.0 / 8);
  EXPECT_EQ(watch.layers()[0].dead, 0.5);
}

}  // namespace
}  // namespace wavenet::train
