#include "wavenet/baselines/marks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/base/check.h"

namespace wavenet::baselines {
namespace {

TEST(Marks, UniformIsTheLogarithmOfTheVocabulary) {
  EXPECT_DOUBLE_EQ(uniform_loss(27), std::log(27.0));
  EXPECT_EQ(uniform_loss(1), 0);
  EXPECT_THROW(uniform_loss(0), Error);
}

TEST(Marks, UnigramAddsOneToEveryCount) {
  // train: 0 twice, 1 three times, 2 never; so 3/8, 4/8 and 1/8.
  const std::vector<std::vector<std::int32_t>> train{{1, 1, 0}, {1, 0}};
  EXPECT_DOUBLE_EQ(unigram_loss(train, {{1, 2}, {0}}, 3),
                   -(std::log(4.0 / 8) + std::log(1.0 / 8) + std::log(3.0 / 8)) / 3);
  EXPECT_DOUBLE_EQ(unigram_loss({}, {{1, 2}}, 3), uniform_loss(3));
}

TEST(Marks, RefuseWhatMakesNoSense) {
  EXPECT_THROW(unigram_loss({{1}}, {{2}}, 2), Error);
  EXPECT_THROW(unigram_loss({{-1}}, {{1}}, 2), Error);
  EXPECT_THROW(unigram_loss({{1}}, {{}}, 2), Error);
  EXPECT_THROW(unigram_loss({{0}}, {{0}}, 0), Error);
}

}  // namespace
}  // namespace wavenet::baselines
