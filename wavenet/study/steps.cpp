#include "wavenet/study/steps.h"

#include <algorithm>

#include "wavenet/models/recipes.h"
#include "wavenet/study/growing_stack.h"
#include "wavenet/study/wrong_norm_tree.h"

namespace wavenet::study {
namespace {

constexpr std::int64_t kWindowsToANames = 7;  // minibatches that predict about as much as one

constexpr std::string_view kStackTraining = R"({
  "data": {"format": "lines"},
  "train": {
    "batch_size": 32, "shards": 2,
    "optimizer": "adamw", "weight_decay": 0.01, "clip": 1.0,
    "schedule": "cosine", "learning_rate": 0.005
  }
})";

void set(Config& recipe, const std::string& key, std::int64_t value) {
  recipe.set(fmt::format("{}={}", key, value));
}

Config article_recipe(const std::string& name, std::int64_t steps) {
  Config recipe = models::load_recipe(name);
  set(recipe, "train.steps", steps);
  set(recipe, "train.drop_at", steps - steps / 4);
  return recipe;
}

Step article(const std::string& name, std::int64_t steps, const std::string& teaches) {
  Step step{.name = name, .teaches = teaches, .recipe = article_recipe(name, steps)};
  step.build = [recipe = step.recipe](std::int64_t vocabulary, Rng& rng) {
    return models::build(recipe, vocabulary, rng);
  };
  return step;
}

Step wrong_norm(std::int64_t steps) {
  Step step{.name = "tree-22k-wrong-norm",
            .teaches =
                "The characters are fused two by two, but each place of the tree is "
                "normalised by itself, over 32 rows.",
            .recipe = article_recipe("tree-22k", steps)};
  step.build = [tree = step.recipe](std::int64_t vocabulary,
                                    Rng& rng) -> std::unique_ptr<models::Model> {
    const models::TreeOptions options{vocabulary, tree.integer("model.block_size", 2, 1024),
                                      tree.integer("model.embedding", 1, 1024),
                                      tree.integer("model.hidden", 1, 1024)};
    return std::make_unique<WrongNormTree>(options, rng);
  };
  return step;
}

// About 22,500 parameters each, so that a part has to earn the channels that it costs.
Step stack(const std::string& name, std::int64_t channels, const StackParts& parts,
           std::int64_t steps, const std::string& teaches) {
  Config recipe = Config::parse(kStackTraining, name);
  set(recipe, "train.steps", steps_on_names(steps));
  return {.name = name,
          .teaches = teaches,
          .recipe = recipe,
          .build = [=](std::int64_t vocabulary, Rng& rng) -> std::unique_ptr<models::Model> {
            const StackOptions options{.vocabulary = vocabulary,
                                       .embedding = 10,
                                       .channels = channels,
                                       .skip = 24,
                                       .dilations = {1, 2, 4, 8, 1, 2}};
            return std::make_unique<GrowingStack>(options, parts, rng);
          }};
}

}  // namespace

std::int64_t steps_on_names(std::int64_t training_steps) {
  return std::max<std::int64_t>(1, training_steps / kWindowsToANames);
}

std::vector<Step> steps(std::int64_t training_steps) {
  const std::int64_t n = training_steps;
  return {
      article("mlp-3", n, "Three characters through one hidden layer: where it all starts."),
      article("mlp-8", n,
              "Five more characters of the past, and nothing else, lower the loss; but one layer "
              "has to squash them all."),
      wrong_norm(n),
      article("tree-22k", n,
              "The norm repaired: one mean and variance a channel, over rows and places alike."),
      article("tree-76k", n,
              "More channels: room to learn, and a loss on train that leaves val behind."),
      {.name = "convolution",
       .teaches = "The same weights slid along each name: the same logits, and no node is computed "
                  "twice.",
       .kind = Kind::converted},
      stack("stack", 40, {}, n,
            "Dilated convolutions with tanh on whole names: every character is predicted at once, "
            "from up to 20."),
      stack("stack+gate", 28, {.gate = true}, n,
            "A sigmoid gate beside each tanh says how much of it passes."),
      stack("stack+gate+residual", 26, {.gate = true, .residual = true}, n,
            "Each block adds to its input instead of replacing it, so gradients reach the first "
            "block whole."),
      stack("wavenet", 24, {.gate = true, .residual = true, .skip = true}, n,
            "Every block reaches the output by a skip connection: this is WaveNet."),
      {.name = "ngram-6",
       .teaches = "Counting what follows what: no gradient, and the mark that a network has to "
                  "beat.",
       .kind = Kind::counted,
       .recipe = models::load_recipe("ngram-6")},
  };
}

}  // namespace wavenet::study
