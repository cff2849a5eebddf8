// Model: a module that reads tokens and gives the logits of the next one; and the registry that
// builds any of them from a recipe.
//
//   Rng rng(42);
//   std::unique_ptr<models::Model> model = models::build(recipe, vocabulary.size(), rng);
//   Tensor logits = model->logits(tokens);   // i32 [B, T] -> [B, T, V], one answer a position
//
// Before the first token of a sequence stands that token again, as often as the model looks back:
// sequences begin with the end marker 0, so a word's past is the padding that the article gives it.
// Left out: training (train/) and choosing a token (generate/).
#pragma once

#include "wavenet/base/config.h"
#include "wavenet/models/wiring.h"
#include "wavenet/nn/layers.h"

namespace wavenet::models {

class NgramCounts;

// What a model's forward takes: windows i32 [B, receptive_field] -> [B, V], or whole sequences
// i32 [B, T] -> [B, T, V].
enum class Reads : std::uint8_t { windows, sequences };

class Model : public nn::Sequential {
 public:
  Model(Reads reads, std::int64_t receptive_field, std::int64_t vocabulary)
      : reads_(reads), receptive_field_(receptive_field), vocabulary_(vocabulary) {}
  Reads reads() const { return reads_; }
  // How many tokens an answer depends on.
  std::int64_t receptive_field() const { return receptive_field_; }
  std::int64_t vocabulary() const { return vocabulary_; }  // V

  // The logits at every position, whatever forward takes: i32 [B, T] -> [B, T, V].
  Tensor logits(const Tensor& tokens);
  // What it computes, as data; empty for a model that generation cannot run token by token.
  virtual Wiring wiring() const { return {}; }
  // False for a model that counts: it learns from all of train at once, by fit().
  virtual bool takes_steps() const { return true; }
  virtual void fit(const std::vector<std::vector<std::int32_t>>& sequences);
  // What such a model has counted; null for every other.
  virtual const NgramCounts* counted() const { return nullptr; }
  // Why it is not to be trained; empty where it is.
  virtual std::string why_not_trained() const { return ""; }
  // Takes over the tensors of a saved model; see nn::load_state.
  virtual void load(const std::map<std::string, Tensor>& saved) { nn::load_state(*this, saved); }

 private:
  Reads reads_;
  std::int64_t receptive_field_;
  std::int64_t vocabulary_;
};

// Reads the keys "model.*". Throws UsageError for an unknown kind and for values out of range.
std::unique_ptr<Model> build(const Config& recipe, std::int64_t vocabulary, Rng& rng);

}  // namespace wavenet::models
