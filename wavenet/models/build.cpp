// The registry: a recipe's "model" part to a model.
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/models/amplifier.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/mlp.h"
#include "wavenet/models/model.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/models/tree.h"
#include "wavenet/models/wavenet.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::models {
namespace {

constexpr std::int64_t kMaxChannels = 65'536;
constexpr std::int64_t kMaxWidth = 1024;
constexpr std::int64_t kMaxModelDilation = std::int64_t{1} << 20;

std::int64_t channels(const Config& recipe, const char* key) {
  return recipe.integer(key, 1, kMaxChannels);
}

std::int64_t block_size(const Config& recipe) {
  return recipe.integer("model.block_size", 1, 1024);
}

std::vector<std::int64_t> dilations(const Config& recipe) {
  auto all = recipe.integers("model.dilations", 1, kMaxModelDilation);
  if (all.empty()) {
    fail_usage("recipe: model.dilations must name at least one dilation, got []");
  }
  return all;
}

// A model of windows: its options are the same whatever stands between embedding and head.
template <class Kind, class Options>
std::unique_ptr<Model> of_windows(const Config& recipe, std::int64_t vocabulary, Rng& rng) {
  return std::make_unique<Kind>(
      Options{vocabulary, block_size(recipe), channels(recipe, "model.embedding"),
              channels(recipe, "model.hidden"), output::build(recipe, vocabulary)},
      rng);
}

std::unique_ptr<Model> convolution(const Config& recipe, std::int64_t vocabulary, Rng& rng) {
  return std::make_unique<Convolution>(
      ConvolutionOptions{.vocabulary = vocabulary,
                         .embedding = channels(recipe, "model.embedding"),
                         .hidden = channels(recipe, "model.hidden"),
                         .width = recipe.integer("model.width", 1, kMaxWidth),
                         .dilations = dilations(recipe),
                         .output = output::build(recipe, vocabulary)},
      rng);
}

std::unique_ptr<Model> wavenet(const Config& recipe, std::int64_t vocabulary, Rng& rng) {
  return std::make_unique<WaveNet>(
      WaveNetOptions{.vocabulary = vocabulary,
                     .embedding = channels(recipe, "model.embedding"),
                     .residual = channels(recipe, "model.residual"),
                     .skip = channels(recipe, "model.skip"),
                     .width = recipe.integer_or("model.width", 2, 1, kMaxWidth),
                     .dilations = dilations(recipe),
                     .dropout = recipe.number_or("model.dropout", 0, 0, 0.99),
                     .output = output::build(recipe, vocabulary),
                     .ordered = recipe.boolean_or("model.ordered", false)},
      rng);
}

std::unique_ptr<Model> ngram(const Config& recipe, std::int64_t vocabulary, Rng&) {
  if (recipe.text_or("model.output", "categorical") != "categorical") {
    fail_usage("recipe: model.output of an n-gram is categorical, got '{}'",
               recipe.text("model.output"));
  }
  return std::make_unique<Ngram>(
      vocabulary, recipe.integer("model.order", 1, baselines::NgramCounts::kMaxOrder));
}

std::unique_ptr<Model> amplifier(const Config& recipe, std::int64_t, Rng& rng) {
  const Registry<std::vector<nam::WaveNet>> shapes{{"standard", {nam::standard()}},
                                                   {"lite", {nam::lite()}},
                                                   {"feather", {nam::feather()}},
                                                   {"nano", {nam::nano()}},
                                                   {"a2", {nam::a2_lite(), nam::a2_full()}}};
  const std::vector<nam::WaveNet>& nets = shapes.of(recipe, "model.shape");
  return std::make_unique<Amplifier>(nets, rng, output::build(recipe, std::ssize(nets)));
}

}  // namespace

Registry<Maker>& registry() {
  static Registry<Maker> models{{"mlp", of_windows<Mlp, MlpOptions>},
                                {"tree", of_windows<Tree, TreeOptions>},
                                {"convolution", convolution},
                                {"wavenet", wavenet},
                                {"ngram", ngram},
                                {"amplifier", amplifier}};
  return models;
}

std::unique_ptr<Model> build(const Config& recipe, const Codes& codes, Rng& rng) try {
  std::unique_ptr<Model> model = registry().of(recipe, "model.kind")(recipe, codes.size, rng);
  model->begin_after(codes.before);
  return model;
} catch (...) {
  rethrow_as_error("building the model");
}

}  // namespace wavenet::models
