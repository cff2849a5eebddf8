// linear with an addend has the bits of the sum that it stands for, wherever the addend's rows are.
#include <gtest/gtest.h>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

TEST(Linear, AddsWithTheBitsOfAnAddition) {
  Rng rng(6);
  for (const std::int64_t rows : {1, 3, 40}) {
    const Tensor x = randn({2, rows, 20}, rng);
    const Tensor weight = randn({20, 37}, rng);
    const Tensor longer = randn({2, rows + 2, 37}, rng);
    const Tensor apart = index(longer, {{}, {.start = 2}});
    for (const Tensor& bias : {Tensor(), randn({37}, rng)}) {
      for (const Tensor& addend : {apart, contiguous(apart)}) {
        EXPECT_EQ(linear(x, weight, bias, addend).to_vector<float>(),
                  (addend + linear(x, weight, bias)).to_vector<float>());
      }
    }
  }
}

// The first layer, which is computed by a table where rows outnumber tokens.
TEST(Linear, AddsToWhatATableGives) {
  Rng rng(7);
  const Tensor table = parameter(randn({2, 4}, rng));
  const Tensor weight = parameter(randn({4, 5}, rng));
  const Tensor tokens = Tensor::from<std::int32_t>({0, 1, 1, 0, 1, 0, 0, 1}, {8});
  const Tensor addend = randn({8, 5}, rng);
  EXPECT_EQ(linear(embedding(table, tokens), weight, {}, addend).to_vector<float>(),
            (addend + linear(embedding(table, tokens), weight, {})).to_vector<float>());
}

TEST(Linear, RefusesAnAddendOfAnotherShape) {
  try {
    linear(zeros({2, 3}), zeros({3, 4}), {}, zeros({2, 3}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "linear: the addend must be f32 [2, 4], got f32 [2, 3]");
  }
}

}  // namespace
