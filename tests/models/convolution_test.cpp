// A tree and the convolution made of it are one function, and what each costs is what the docs say.
#include "wavenet/models/convolution.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/generate/models.h"
#include "wavenet/models/cost.h"

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

TEST(Convolution, CostsWhatTheDocsSay) {
  const models::TreeOptions tree{27, 8, 24, 128};
  EXPECT_EQ(models::multiply_adds(tree), 126'336);
  EXPECT_EQ(models::multiply_adds(models::ConvolutionOptions{27, 24, 128, 2, {1, 2, 4}}), 75'136);
  // Level by level for 16 characters: 8, 4, 2 and 1 nodes.
  const std::int64_t first = 2 * 24 * 128;
  const std::int64_t further = 2 * 128 * 128;
  EXPECT_EQ(models::multiply_adds(models::TreeOptions{27, 16, 24, 128}),
            8 * first + (4 + 2 + 1) * further + 128 * 27);
  EXPECT_EQ(models::multiply_adds(models::ConvolutionOptions{27, 24, 128, 2, {1, 2, 4, 8}}),
            first + 3 * further + 128 * 27);
}

}  // namespace
