// The registry: a recipe's "model" part to a model.
#include <array>

#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/mlp.h"
#include "wavenet/models/model.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/models/tree.h"
#include "wavenet/models/wavenet.h"

namespace wavenet::models {
namespace {

constexpr std::int64_t kMaxChannels = 65'536;
constexpr std::int64_t kMaxWidth = 1024;
constexpr std::int64_t kMaxModelDilation = std::int64_t{1} << 20;

std::int64_t channels(const Config& recipe, const char* key) {
  return recipe.integer(key, 1, kMaxChannels);
}

std::vector<std::int64_t> dilations(const Config& recipe) {
  auto all = recipe.integers("model.dilations", 1, kMaxModelDilation);
  if (all.empty()) {
    fail_usage("recipe: model.dilations must name at least one dilation, got []");
  }
  return all;
}

}  // namespace

std::unique_ptr<Model> build(const Config& recipe, std::int64_t vocabulary, Rng& rng) try {
  const std::array<std::string, 5> kinds{"mlp", "tree", "convolution", "wavenet", "ngram"};
  const std::string kind = recipe.choice("model.kind", kinds);
  if (kind == "mlp" || kind == "tree") {
    const std::int64_t block_size = recipe.integer("model.block_size", 1, 1024);
    const std::int64_t embedding = channels(recipe, "model.embedding");
    const std::int64_t hidden = channels(recipe, "model.hidden");
    if (kind == "mlp") {
      return std::make_unique<Mlp>(MlpOptions{vocabulary, block_size, embedding, hidden}, rng);
    }
    return std::make_unique<Tree>(TreeOptions{vocabulary, block_size, embedding, hidden}, rng);
  }
  if (kind == "convolution") {
    return std::make_unique<Convolution>(
        ConvolutionOptions{.vocabulary = vocabulary,
                           .embedding = channels(recipe, "model.embedding"),
                           .hidden = channels(recipe, "model.hidden"),
                           .width = recipe.integer("model.width", 1, kMaxWidth),
                           .dilations = dilations(recipe)},
        rng);
  }
  if (kind == "wavenet") {
    return std::make_unique<WaveNet>(
        WaveNetOptions{.vocabulary = vocabulary,
                       .embedding = channels(recipe, "model.embedding"),
                       .residual = channels(recipe, "model.residual"),
                       .skip = channels(recipe, "model.skip"),
                       .width = recipe.integer_or("model.width", 2, 1, kMaxWidth),
                       .dilations = dilations(recipe),
                       .dropout = recipe.number_or("model.dropout", 0, 0, 0.99)},
        rng);
  }
  return std::make_unique<Ngram>(vocabulary,
                                 recipe.integer("model.order", 1, NgramCounts::kMaxOrder));
} catch (...) {
  rethrow_as_error("building the model");
}

}  // namespace wavenet::models
