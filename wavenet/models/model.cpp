#include "wavenet/models/model.h"

#include <array>

#include "wavenet/base/nearest.h"
#include "wavenet/models/mlp.h"
#include "wavenet/models/tree.h"

namespace wavenet::models {

std::unique_ptr<Model> build(const Config& recipe, std::int64_t vocabulary, Rng& rng) {
  const std::string kind = recipe.text("model.kind");
  const std::int64_t block_size = recipe.integer("model.block_size", 1, 1024);
  const std::int64_t embedding = recipe.integer("model.embedding", 1, 65'536);
  const std::int64_t hidden = recipe.integer("model.hidden", 1, 65'536);
  if (kind == "mlp") {
    return std::make_unique<Mlp>(MlpOptions{vocabulary, block_size, embedding, hidden}, rng);
  }
  if (kind == "tree") {
    return std::make_unique<Tree>(TreeOptions{vocabulary, block_size, embedding, hidden}, rng);
  }
  const std::array<std::string, 2> kinds{"mlp", "tree"};
  fail_usage("recipe: unknown model.kind '{}'{}", kind, nearest_hint(kind, kinds));
}

}  // namespace wavenet::models
