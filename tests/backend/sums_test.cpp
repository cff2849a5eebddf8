// Sums over a million rows against f64: rounding must not grow with their number.
#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kRows = 1'000'000;
constexpr std::int64_t kChannels = 9;  // a vector and a part of one on every instruction set
// Half a unit in a float's last place is 6e-8; a chain of a million additions loses 1e-3.
constexpr double kTolerance = 2e-7;

// [kRows, kChannels], from 0 to 1.
Tensor positive_values() {
  Rng rng(3);
  Tensor x = Tensor::empty({kRows, kChannels});
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    x.data<float>()[i] = rng.uniform_float();
  }
  return x;
}

// In f64, of each channel.
template <class Term>
std::vector<double> column_sums(const Tensor& x, const Term& term) {
  std::vector<double> sums(kChannels);
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    sums[static_cast<std::size_t>(i % kChannels)] += term(static_cast<double>(x.data<float>()[i]));
  }
  return sums;
}

double same(double x) { return x; }

void expect_near(const Tensor& got, const std::vector<double>& expected, const char* what,
                 double tolerance = kTolerance) {
  const std::vector<float> values = got.to_vector<float>();
  ASSERT_EQ(values.size(), expected.size()) << what;
  for (std::size_t c = 0; c < expected.size(); ++c) {
    EXPECT_NEAR(values[c] / expected[c], 1, tolerance) << what << ", channel " << c;
  }
}

TEST(LongSums, OfRows) {
  const Tensor x = positive_values();
  expect_near(sum(x, {0}), column_sums(x, same), "sum");
}

TEST(LongSums, OfSquares) {
  const Tensor x = positive_values();
  double expected = 0;
  for (const double squares : column_sums(x, [](double v) { return v * v; })) {
    expected += squares;
  }
  EXPECT_NEAR(backend().sum_of_squares(x) / expected, 1, 1e-12);
}

TEST(LongSums, OfABiasesGradient) {
  const Tensor dy = positive_values();
  const std::vector<double> expected = column_sums(dy, same);
  const Tensor bias = parameter(zeros({kChannels}));
  backward(linear(ones({kRows, 1}), ones({1, kChannels}), bias), dy);
  expect_near(grad(bias), expected, "linear");
  zero_grad(bias);
  const Tensor packed = reshape(dy, {1, kRows, kChannels});
  backward(causal_conv1d(ones({1, kRows, 1}), ones({2, kChannels}), bias, {}), packed);
  expect_near(grad(bias), expected, "causal_conv1d");
}

TEST(LongSums, OfBatchNorm) {
  const Tensor x = positive_values();
  const Tensor weight = parameter(ones({kChannels}));
  const Tensor bias = parameter(zeros({kChannels}));
  const BatchNormed normed = batch_norm(x, weight, bias, 0);
  std::vector<double> means = column_sums(x, same);
  std::vector<double> squares = column_sums(x, [](double v) { return v * v; });
  std::vector<double> scales(kChannels);  // of the weight's gradient where dy is x
  for (std::size_t c = 0; c < means.size(); ++c) {
    means[c] /= kRows;
    squares[c] = (squares[c] - kRows * means[c] * means[c]) / (kRows - 1);
    scales[c] = std::sqrt(squares[c]) * (kRows - 1);
  }
  expect_near(normed.mean, means, "mean");
  expect_near(normed.variance, squares, "variance");
  backward(normed.y, x);
  expect_near(grad(bias), column_sums(x, same), "bias");
  // Its terms hold the mean and the variance, each rounded to a float before: 6e-8 of one move it
  // by 6e-8 times mean / deviation = 1.7, of the other by half of that.
  expect_near(grad(weight), scales, "weight", kTolerance + 1.7 * 6e-8 + 3e-8);
}

}  // namespace
