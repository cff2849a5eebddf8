#include "wavenet/models/ngram_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "wavenet/wavenet.h"

namespace wavenet::models {
namespace {

using Tokens = std::vector<std::int32_t>;

const baselines::NgramCounts::Sequences kWords{
    {1, 2, 0}, {2, 2, 1, 3, 0}, {3, 0}, {1, 2, 2, 0}, {4, 1, 2, 0}};

// i32 [2, 6], from the end marker on.
Tensor some_tokens() {
  return Tensor::from<std::int32_t>({0, 1, 2, 2, 1, 3, 0, 4, 4, 3, 2, 1}, {2, 6});
}

TEST(NgramModel, GivesLogarithmsOfProbabilities) {
  for (const std::int64_t order : {1, 2, 3, 6}) {
    Ngram model(5, order);
    model.fit(kWords);
    const Tensor log_p = model.logits(some_tokens());
    ASSERT_EQ(log_p.shape(), (Shape{2, 6, 5}));
    const std::vector<float> values = log_p.to_vector<float>();
    const Tokens tokens = some_tokens().to_vector<std::int32_t>();
    for (std::size_t row = 0; row < 12; ++row) {
      double sum = 0;
      const std::size_t begin = row / 6 * 6;
      // The model counted words without the end marker that stands before them.
      const std::span<const std::int32_t> history(tokens.data() + begin + 1, row - begin);
      for (std::size_t v = 0; v < 5; ++v) {
        const double p = std::exp(static_cast<double>(values[row * 5 + v]));
        sum += p;
        EXPECT_NEAR(p, model.counts().probability(history, static_cast<std::int32_t>(v)), 1e-7)
            << "order " << order << ", row " << row;
      }
      EXPECT_NEAR(sum, 1, 1e-6) << "order " << order << ", row " << row;
    }
  }
}

TEST(NgramModel, LooksBackOneTokenLessThanItsOrder) {
  const auto last_answer = [](Ngram& model, const Tokens& tokens) {
    const auto length = static_cast<std::int64_t>(tokens.size());
    return index(model.logits(Tensor::from(tokens, {1, length})), {{}, {.start = -1}})
        .to_vector<float>();
  };
  for (const std::int64_t order : {1, 2, 3, 4}) {
    Ngram model(5, order);
    model.fit(kWords);
    EXPECT_EQ(model.receptive_field(), std::max<std::int64_t>(1, order - 1));
    EXPECT_EQ(model.reads(), Reads::sequences);
    const Tokens whole{0, 4, 1, 2, 2, 1};
    const Tokens field(whole.end() - model.receptive_field(), whole.end());
    EXPECT_EQ(last_answer(model, whole), last_answer(model, field)) << "order " << order;
  }
}

TEST(NgramModel, IsFittedOnceAndBeforeUse) {
  Ngram model(5, 3);
  EXPECT_THROW(model.logits(some_tokens()), Error);
  EXPECT_THROW(model.counts(), Error);
  model.fit(kWords);
  EXPECT_THROW(model.fit(kWords), Error);
  EXPECT_EQ(model.parameter_count(), 0);
}

TEST(NgramModel, ComesBackFromACheckpoint) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("wavenet-ngram-{}", ::getpid());
  Ngram model(5, 3);
  model.fit(kWords);
  train::Checkpoint saved{
      .recipe = load_recipe("ngram-6"),
      .codec = std::make_shared<data::Vocabulary>(std::vector<std::u32string>{U"abcd"})};
  saved.recipe.set("model.order=3");
  for (const auto& [name, tensor] : model.state()) {
    saved.tensors[name] = tensor;
  }
  train::write_checkpoint(path, saved);
  const train::Checkpoint read = train::read_checkpoint(path);
  std::filesystem::remove(path);
  Rng unused;
  const auto back = build(read.recipe, read.codec->size(), unused);
  back->load(read.tensors);
  EXPECT_EQ(back->kind(), "Ngram");
  EXPECT_EQ(back->logits(some_tokens()).to_vector<float>(),
            model.logits(some_tokens()).to_vector<float>());
  EXPECT_THROW(Ngram(5, 4).load(read.tensors), Error);  // of another order
}

}  // namespace
}  // namespace wavenet::models
