// The steps of the study: their order and sizes, and the repaired tree against PyTorch.
#include "wavenet/study/steps.h"

#include <gtest/gtest.h>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

const study::Step& step_named(const std::vector<study::Step>& steps, const std::string& name) {
  for (const study::Step& step : steps) {
    if (step.name == name) {
      return step;
    }
  }
  fail("no step {}", name);
}

TEST(Steps, GoFromThreeCharactersToWaveNet) {
  std::vector<std::string> names;
  for (const study::Step& step : study::steps(1000)) {
    names.push_back(step.name);
    EXPECT_EQ(step.teaches.back(), '.') << step.name;
    EXPECT_EQ(step.build != nullptr, step.kind == study::Kind::trained) << step.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"mlp-3", "mlp-8", "tree-22k-wrong-norm", "tree-22k",
                                             "tree-76k", "convolution", "stack", "stack+gate",
                                             "stack+gate+residual", "wavenet", "ngram-6"}));
}

TEST(Steps, TheArticlesRateFallsAfterThreeQuarters) {
  const std::vector<study::Step> whole = study::steps(200'000);
  for (const std::string name : {"mlp-3", "mlp-8", "tree-22k", "tree-76k"}) {
    // Of the whole study it is the recipe itself.
    EXPECT_EQ(step_named(whole, name).recipe.to_json(), models::load_recipe(name).to_json());
  }
  const std::vector<study::Step> some = study::steps(1000);
  const optim::Schedule schedule(step_named(some, "tree-22k-wrong-norm").recipe);
  EXPECT_DOUBLE_EQ(schedule.rate(749), 0.1);
  EXPECT_DOUBLE_EQ(schedule.rate(750), 0.01);
  EXPECT_EQ(step_named(some, "wavenet").recipe.integer("train.steps", 1, 1000), 142);
  EXPECT_EQ(study::steps_on_names(3), 1);
}

// Each variant of the stack pays for its parts with channels.
TEST(Steps, GrownStacksAreOfEqualSize) {
  const std::vector<study::Step> steps = study::steps(1000);
  for (const std::string name : {"stack", "stack+gate", "stack+gate+residual", "wavenet"}) {
    Rng rng(1);
    const auto model = step_named(steps, name).build(27, rng);
    EXPECT_NEAR(static_cast<double>(model->parameter_count()), 22'400, 450) << name;
    EXPECT_EQ(model->receptive_field(), 2 + 1 + 2 + 4 + 8 + 1 + 2);
  }
}

// PyTorch 1.13 on the embedded names (python/make_goldens.py): the wrong norm leaves that path at
// once, the repaired one follows it for 100 steps and ends at its losses.
TEST(Steps, TheRepairedTreeFollowsPyTorch) {
  const auto golden =
      io::read_safetensors(WAVENET_SOURCE "/tests/golden/article_ssa.safetensors").tensors;
  const auto losses = golden.at("tree-22k/losses").to_vector<float>();
  const auto after = golden.at("tree-22k/after_100").to_vector<double>();
  const std::vector<study::Step> steps = study::steps(200);  // the rate stays for 150
  const data::Corpus corpus = *data::open_corpus(steps.front().recipe, "", 42);
  for (const std::string name : {"tree-22k-wrong-norm", "tree-22k"}) {
    const study::Step& step = step_named(steps, name);
    Rng rng(42);
    const auto model = step.build(corpus.vocabulary().size(), rng);
    data::RandomWindows batches(data::make_windows(corpus.train(), 8), 32, rng, 0);
    train::Trainer trainer(*model, batches, step.recipe);
    const bool repaired = name == "tree-22k";
    for (const float loss : losses) {
      const double ours = trainer.step();
      if (repaired) {
        ASSERT_NEAR(ours, loss, 1e-5) << "step " << trainer.steps_done();
      }
    }
    model->eval();
    const double val = train::mean_loss(*model, corpus.val(), 2);
    if (repaired) {
      EXPECT_NEAR(val, after[1], 1e-5);
    } else {
      EXPECT_GT(std::abs(val - after[1]), 1e-3);
      EXPECT_NEAR(val, after[1], 0.2);  // but it learns
    }
  }
}

TEST(Difference, IsTheLargestOverAllPositions) {
  Rng rng(1);
  models::Tree tree({5, 4, 3, 6}, rng);
  tree.eval();
  const auto same = models::convolution_of(tree);
  const std::vector<data::Sequence> sequences{{1, 2, 0}, {}, {3, 3, 4, 1, 0}};
  EXPECT_EQ(study::difference(tree, tree, sequences).largest, 0);
  EXPECT_LT(study::difference(tree, *same, sequences).largest, 1e-6);
  // One more on one character's bias moves that logit by one, everywhere.
  const auto parameters = same->parameters();
  ASSERT_EQ(parameters.back().first, "head.bias");
  parameters.back().second.data<float>()[2] += 1;
  const study::Difference moved = study::difference(tree, *same, sequences);
  EXPECT_NEAR(moved.largest, 1, 1e-5);
  EXPECT_GT(moved.logit, 0);
  models::Tree other({6, 4, 3, 6}, rng);
  EXPECT_THROW(study::difference(tree, other, sequences), Error);
}

}  // namespace
