// A tree and the convolution made of it are one function, and what each costs is what the docs say.
#include "wavenet/models/convolution.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/generate/models.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/models/wavenet.h"

namespace {

using namespace testing_models;

// The published names where they stand beside the project, else the embedded ones.
data::Words names() {
  const std::filesystem::path published =
      std::filesystem::path(WAVENET_SOURCE) / "../shared/data/names.txt";
  return std::filesystem::exists(published) ? data::read_words(published.string())
                                            : data::embedded_names();
}

// Windows and sequences of the same names, each at its every position.
TEST(Convolution, GivesTheTreesLogitsAtEveryPositionOfEveryName) {
  const data::Words words = names();
  const data::Vocabulary vocabulary(words.words);
  const auto val = data::sequences_of(data::split_words(words, 42).val, vocabulary);
  ASSERT_GT(val.size(), 2000U);
  const NoGrad guard;
  for (const std::int64_t block_size : {2, 4, 8, 16}) {
    Rng rng(1);
    models::Tree tree({vocabulary.size(), block_size, 12, 24}, rng);
    randomise(tree, static_cast<std::uint64_t>(block_size));
    tree.eval();
    const auto convolution = models::convolution_of(tree);
    float difference = 0;
    float most = 0;
    for (const data::Sequence& targets : val) {
      std::vector<std::int32_t> tokens{0};
      tokens.insert(tokens.end(), targets.begin(), targets.end() - 1);
      const std::vector<float> expected = parallel_logits(tree, tokens);
      const std::vector<float> actual = parallel_logits(*convolution, tokens);
      ASSERT_EQ(actual.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        difference = std::max(difference, std::abs(actual[i] - expected[i]));
        most = std::max(most, std::abs(expected[i]));
      }
    }
    EXPECT_LT(difference, 1e-5F * most) << block_size;
    EXPECT_GT(most, 0.1F);
  }
}

std::int64_t cost_of(const models::Model& model) { return models::multiply_adds(model.wiring()); }

TEST(Convolution, CostsWhatTheDocsSay) {
  Rng rng;
  EXPECT_EQ(cost_of(models::Tree({27, 8, 24, 128}, rng)), 126'336);
  EXPECT_EQ(cost_of(models::Convolution({27, 24, 128, 2, {1, 2, 4}}, rng)), 75'136);
  // Level by level for 16 characters: 8, 4, 2 and 1 nodes.
  const std::int64_t first = 2 * 24 * 128;
  const std::int64_t further = 2 * 128 * 128;
  EXPECT_EQ(cost_of(models::Tree({27, 16, 24, 128}, rng)),
            8 * first + (4 + 2 + 1) * further + 128 * 27);
  EXPECT_EQ(cost_of(models::Convolution({27, 24, 128, 2, {1, 2, 4, 8}}, rng)),
            first + 3 * further + 128 * 27);
  EXPECT_EQ(cost_of(models::Mlp({27, 3, 10, 200}, rng)), 200 * (3 * 10 + 27));
  // Width 2: the input layer; two blocks of a filter and a gate, one residual, two skips; the head.
  EXPECT_EQ(
      cost_of(models::WaveNet(
          {.vocabulary = 27, .embedding = 10, .residual = 16, .skip = 24, .dilations = {1, 2}},
          rng)),
      2 * 10 * 16 + 2 * 2 * 2 * 16 * 16 + 16 * 16 + 2 * 16 * 24 + 24 * 24 + 24 * 27);
}

// What is drawn, and how far back it reaches, is that of the model itself.
TEST(Wiring, ReachesAsFarBackAsItsModel) {
  Rng rng;
  const models::Tree tree({27, 8, 24, 128}, rng);
  const models::Mlp mlp({27, 5, 10, 20}, rng);
  const models::WaveNet wavenet({.vocabulary = 27,
                                 .embedding = 4,
                                 .residual = 4,
                                 .skip = 4,
                                 .width = 3,
                                 .dilations = {1, 2, 4}},
                                rng);
  for (const models::Model* model :
       {static_cast<const models::Model*>(&tree), static_cast<const models::Model*>(&mlp),
        static_cast<const models::Model*>(&wavenet)}) {
    EXPECT_EQ(models::receptive_field(models::stack_of(model->wiring())), model->receptive_field());
  }
  EXPECT_TRUE(models::Ngram(27, 3).wiring().is_empty());
}

}  // namespace
