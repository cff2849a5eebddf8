// Model: a module that reads a window of tokens and gives the logits of the next one; and the
// registry that builds any of them from a recipe.
//
//   Rng rng(42);
//   std::unique_ptr<models::Model> model = models::build(recipe, vocabulary.size(), rng);
//   Tensor logits = (*model)(contexts);   // i32 [B, block_size] -> [B, V]
//
// Left out: training (train/) and choosing a token (generate/).
#pragma once

#include "wavenet/base/config.h"
#include "wavenet/nn/layers.h"

namespace wavenet::models {

class Model : public nn::Sequential {
 public:
  Model(std::int64_t block_size, std::int64_t vocabulary)
      : block_size_(block_size), vocabulary_(vocabulary) {}
  // How many characters back the model sees: its receptive field.
  std::int64_t block_size() const { return block_size_; }
  std::int64_t vocabulary() const { return vocabulary_; }  // V

 private:
  std::int64_t block_size_;
  std::int64_t vocabulary_;
};

// Reads the keys "model.*". Throws UsageError for an unknown kind and for values out of range.
std::unique_ptr<Model> build(const Config& recipe, std::int64_t vocabulary, Rng& rng);

}  // namespace wavenet::models
