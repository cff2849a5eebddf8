// The table of products against the plain product, which is checked against differences and
// PyTorch.
#include "wavenet/ops/embedded_linear.h"

#include <gtest/gtest.h>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kVocabulary = 5;

// i32 [batch, time], every token among them.
Tensor tokens_of(std::int64_t batch, std::int64_t time) {
  std::vector<std::int32_t> tokens;
  for (std::int64_t i = 0; i < batch * time; ++i) {
    tokens.push_back(static_cast<std::int32_t>(i * i % kVocabulary + i % 2) % kVocabulary);
  }
  return Tensor::from(tokens, {batch, time});
}

double largest_difference(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector<double>();
  const auto y = b.to_vector<double>();
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    largest = std::max(largest, std::abs(x[i] - y[i]));
  }
  return largest;
}

struct Made {
  Tensor y;
  std::vector<Tensor> gradients;
};

// linear(), two tokens side by side; `plain` hides where x comes from.
Made made(const Tensor& tokens, bool plain) {
  Rng rng(7);
  const Tensor table = parameter(randn({kVocabulary, 3}, rng, DType::f64));
  const Tensor weight = parameter(randn({6, 4}, rng, DType::f64));
  const Tensor bias = parameter(randn({4}, rng, DType::f64));
  Tensor x = embedding(table, tokens);
  x = plain ? x * Tensor::scalar(1, DType::f64) : x;
  const Tensor y = linear(reshape(x, {tokens.size(0), tokens.size(1) / 2, 6}), weight, bias);
  backward(y, randn(y.shape(), rng, DType::f64));
  return {y, {grad(table), grad(weight), grad(bias)}};
}

TEST(EmbeddedLinear, EqualsThePlainProductWithItsGradients) {
  const Tensor tokens = tokens_of(6, 4);
  const Made plain = made(tokens, true);
  const Made by_table = made(tokens, false);
  EXPECT_EQ(by_table.y.shape(), (Shape{6, 2, 4}));
  EXPECT_LT(largest_difference(by_table.y, plain.y), 1e-13);
  EXPECT_NE(largest_difference(by_table.y, plain.y), 0) << "both are the plain product";
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(largest_difference(by_table.gradients[i], plain.gradients[i]), 1e-13) << i;
  }
}

TEST(EmbeddedLinear, IsChosenForTwiceAsManyRowsAsTokens) {
  const Tensor table = parameter(Tensor::zeros({kVocabulary, 3}));
  const auto chosen = [&](std::int64_t batch) {
    const auto rows = EmbeddedRows::of(reshape(embedding(table, tokens_of(batch, 2)), {batch, 6}));
    return rows.has_value() && is_worth_a_table(*rows);
  };
  EXPECT_FALSE(chosen(2 * kVocabulary - 1));
  EXPECT_TRUE(chosen(2 * kVocabulary));
}

TEST(EmbeddedLinear, SeesRowsOfTokensThroughReshapesAlone) {
  const Tensor table = parameter(Tensor::zeros({kVocabulary, 3}));
  const Tensor x = embedding(table, tokens_of(4, 2));
  ASSERT_TRUE(EmbeddedRows::of(x).has_value());
  EXPECT_EQ(EmbeddedRows::of(x)->tokens.shape(), (Shape{8, 1}));
  EXPECT_EQ(EmbeddedRows::of(reshape(reshape(x, {24}), {4, 6}))->tokens.shape(), (Shape{4, 2}));
  EXPECT_FALSE(EmbeddedRows::of(reshape(x, {12, 2})).has_value());
  EXPECT_FALSE(EmbeddedRows::of(tanh(x)).has_value());
  EXPECT_FALSE(EmbeddedRows::of(transpose(x, 0, 1)).has_value());
  EXPECT_FALSE(EmbeddedRows::of(table).has_value());
  const NoGrad guard;
  EXPECT_FALSE(EmbeddedRows::of(embedding(table, tokens_of(4, 2))).has_value());
}

}  // namespace
