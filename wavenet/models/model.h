// Model: a module that reads codes (tokens) and says what the next one will be, as its output has
// it; and the registry that builds any of them from a recipe.
//
//   Rng rng(42);
//   std::unique_ptr<models::Model> model = models::build(recipe, vocabulary.size(), rng);
//   Tensor logits = model->logits(tokens);   // i32 [B, T] -> [B, T, width], one answer a position
//   backward(model->output().loss(model->raw(batch.inputs), batch.targets));
//
// Before the first token of a sequence stands that token again, as often as the model looks back.
// Sequences begin with before(): for words the end marker 0, so that a word's past is the padding
// that the article gives it; for sound silence.
// Left out: training (train/) and choosing a token (generate/).
#pragma once

#include <functional>
#include <memory>

#include "wavenet/base/registry.h"
#include "wavenet/models/wiring.h"
#include "wavenet/nn/layers.h"
#include "wavenet/output/output.h"
#include "wavenet/tensor/inputs.h"

namespace wavenet::baselines {
class NgramCounts;
}

namespace wavenet::models {

// What raw() takes: windows i32 [B, receptive_field] -> [B, width], or whole sequences
// i32 [B, T] -> [B, T, width].
enum class Reads : std::uint8_t { windows, sequences };

// The codes (tokens) that a model reads: from 0 to size - 1; `before` stands before everything.
struct Codes {
  Codes(std::int64_t count, std::int32_t first = 0) : size(count), before(first) {}

  std::int64_t size;
  std::int32_t before;
};

struct Signature {
  Reads reads;
  std::int64_t receptive_field;  // how many tokens an answer depends on
  std::int64_t vocabulary;       // different tokens, V
};

// What the numbers of a model's last layer mean; null where options say nothing: categorical over
// the vocabulary.
using SharedOutput = std::shared_ptr<const output::Output>;

class Model : public nn::Module {
 public:
  Model(const Signature& signature, SharedOutput output);
  Reads reads() const { return signature_.reads; }
  std::int64_t receptive_field() const { return signature_.receptive_field; }
  std::int64_t vocabulary() const { return signature_.vocabulary; }
  // The code that stands before a sequence, for ever; 0 until another is named. Throws Error for
  // what is no code.
  std::int32_t before() const { return before_; }
  void begin_after(std::int32_t code);
  const output::Output& output() const { return *output_; }

  // What the output reads, as training asks for it: of windows [B, width]; of sequences the rows
  // that are wanted, [B, T - past, width]. Throws Error for rows that a model of windows has not.
  virtual Tensor raw(const Inputs& inputs) = 0;
  Tensor operator()(const Tensor& tokens) { return raw({.x = tokens}); }
  // The same at every position that is wanted, whatever raw() takes: [B, T - past, width]. These are
  // logits where the output is categorical.
  Tensor everywhere(const Inputs& inputs);
  Tensor logits(const Tensor& tokens) { return everywhere({.x = tokens}); }
  // -ln p of each target, i32 [B, T - past], row-major; and their sum. In the mode that the model has,
  // and recorded like any op: train/evaluate.h judges with neither.
  virtual std::vector<double> losses(const Inputs& inputs, const Tensor& targets);
  virtual output::Score judge(const Inputs& inputs, const Tensor& targets);
  // A model that gives the same numbers everywhere at less cost, with a copy of the weights, in
  // evaluation mode; null where there is none.
  virtual std::unique_ptr<Model> cheaper() const { return nullptr; }
  // What it computes, as data; empty for a model that generation cannot run token by token.
  virtual Wiring wiring() const { return {}; }
  // False for a model that counts: it learns from all of train at once, by fit().
  virtual bool takes_steps() const { return true; }
  virtual void fit(const std::vector<std::vector<std::int32_t>>& sequences);
  // What such a model has counted; null for every other.
  virtual const baselines::NgramCounts* counted() const { return nullptr; }
  // Why it is not to be trained; empty where it is.
  virtual std::string why_not_trained() const { return ""; }
  // Takes over the tensors of a saved model; see nn::load_state.
  virtual void load(const std::map<std::string, Tensor>& saved) { nn::load_state(*this, saved); }

 protected:
  // Throws Error for what are no tokens, and for a past that leaves no row.
  virtual void check_inputs(const Inputs& inputs) const;

 private:
  Signature signature_;
  SharedOutput output_;
  std::int32_t before_ = 0;
};

// A model whose layers follow one another.
class Chain : public Model {
 public:
  using Model::Model;
  Tensor raw(const Inputs& inputs) override;

 protected:
  template <class Added>
  Added& add(const std::string& name, Added layer) {
    Added& kept = add_child(name, std::move(layer));
    layers_.push_back(&kept);
    return kept;
  }

 private:
  std::vector<nn::Layer*> layers_;
};

// Of a recipe's "model.kind".
using Maker =
    std::function<std::unique_ptr<Model>(const Config& recipe, std::int64_t vocabulary, Rng& rng)>;
Registry<Maker>& registry();
// Reads the keys "model.*", and those of its output (output::build). Throws UsageError for an unknown
// kind and for values out of range.
std::unique_ptr<Model> build(const Config& recipe, const Codes& codes, Rng& rng);

}  // namespace wavenet::models
