// The wrong norm: its statistics over B alone, their shapes, its gradient, and what it does to a
// tree.
#include "wavenet/study/batch_only_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "wavenet/study/wrong_norm_tree.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

std::map<std::string, Tensor> by_name(const nn::NamedTensors& tensors) {
  return {tensors.begin(), tensors.end()};
}

Tensor some(const Shape& shape, std::uint64_t seed, DType dtype = DType::f32) {
  Rng rng(seed);
  return randn(shape, rng, dtype);
}

// The article's words for it: x.mean(0, keepdim=True) and x.var(0, keepdim=True), unbiased.
Tensor by_the_letter(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor normalised = (x - mean(x, {0}, true)) / sqrt(var(x, {0}, true) + 1e-5);
  return normalised * weight + bias;
}

void expect_near(const Tensor& actual, const Tensor& expected, float tolerance) {
  ASSERT_EQ(actual.shape(), expected.shape());
  const std::vector<float> got = actual.to_vector<float>();
  const std::vector<float> want = expected.to_vector<float>();
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_NEAR(got[i], want[i], tolerance) << "at " << i;
  }
}

TEST(BatchNormOverBatchOnly, NormalisesEachPlaceByItself) {
  study::BatchNormOverBatchOnly norm(3, 5);
  auto state = by_name(norm.state());
  const Tensor weight = some({5}, 1);
  const Tensor bias = some({5}, 2);
  nn::load_state(norm, {{"weight", weight},
                        {"bias", bias},
                        {"running_mean", state.at("running_mean")},
                        {"running_var", state.at("running_var")}});
  const Tensor x = some({7, 3, 5}, 3);
  expect_near(norm(x), by_the_letter(x, weight, bias), 2e-6F);
  // 0.9 of what it began with, 0 and 1, and 0.1 of the batch's.
  expect_near(state.at("running_mean"), 0.1 * mean(x, {0}, true), 1e-6F);
  expect_near(state.at("running_var"), 0.1 * var(x, {0}, true) + 0.9, 1e-6F);
  norm.eval();
  const Tensor expected = (x - state.at("running_mean")) / sqrt(state.at("running_var") + 1e-5);
  expect_near(norm(x), expected * weight + bias, 2e-6F);
}

TEST(BatchNormOverBatchOnly, KeepsStatisticsOfEveryPlace) {
  const study::BatchNormOverBatchOnly wrong(4, 68);
  EXPECT_EQ(by_name(wrong.buffers()).at("running_mean").shape(), (Shape{1, 4, 68}));
  EXPECT_EQ(by_name(wrong.buffers()).at("running_var").shape(), (Shape{1, 4, 68}));
  const nn::BatchNorm1d right(68);
  EXPECT_EQ(by_name(right.buffers()).at("running_mean").shape(), Shape{68});
  EXPECT_EQ(wrong.parameter_count(), 2 * 68);  // the same as the right one's
  EXPECT_EQ(right.parameter_count(), 2 * 68);
  const study::BatchNormOverBatchOnly flat(1, 68);
  EXPECT_EQ(by_name(flat.buffers()).at("running_mean").shape(), (Shape{1, 68}));
}

// Where rows are all there is, nothing is wrong; where there are places too, something is.
TEST(BatchNormOverBatchOnly, IsTheRightNormOfTwoDimensionsOnly) {
  study::BatchNormOverBatchOnly flat(1, 5);
  nn::BatchNorm1d right(5);
  const Tensor rows = some({9, 5}, 4);
  expect_near(flat(rows), right(rows), 1e-6F);
  study::BatchNormOverBatchOnly wrong(3, 5);
  const Tensor places = some({9, 3, 5}, 5);
  const float apart =
      std::abs(wrong(places).to_vector<float>()[0] - right(places).to_vector<float>()[0]);
  EXPECT_GT(apart, 1e-3F);
}

// The layer is of f32; its rule, checked against it above, holds in f64 against differences. The
// layer's own gradients are then held against those.
TEST(BatchNormOverBatchOnly, GradientsAreTheRules) {
  const std::vector<Tensor> in{some({4, 3, 2}, 6, DType::f64), some({2}, 7, DType::f64),
                               some({2}, 8, DType::f64)};
  const GradCheck checked =
      gradcheck([](const auto& x) { return by_the_letter(x[0], x[1], x[2]); }, in);
  EXPECT_TRUE(checked.ok) << checked.message;

  study::BatchNormOverBatchOnly norm(3, 2);
  const Tensor dy = some({4, 3, 2}, 9);
  const Tensor x = parameter(some({4, 3, 2}, 6));
  backward(norm(x), dy);
  const Tensor same = parameter(some({4, 3, 2}, 6));
  const Tensor weight = parameter(ones({2}));
  const Tensor bias = parameter(zeros({2}));
  backward(by_the_letter(same, weight, bias), dy);
  expect_near(grad(x), grad(same), 1e-5F);
  const auto parameters = by_name(norm.parameters());
  expect_near(grad(parameters.at("weight")), grad(weight), 1e-5F);
  expect_near(grad(parameters.at("bias")), grad(bias), 1e-5F);
}

TEST(BatchNormOverBatchOnly, NamesTheShapeThatDoesNotFit) {
  study::BatchNormOverBatchOnly norm(4, 68);
  try {
    norm(some({32, 2, 68}, 1));
    FAIL() << "it took two places for four";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "batch_norm over B alone: keeps statistics [1, 4, 68], x is [32, 2, 68]");
  }
}

const models::TreeOptions kTree22k{27, 8, 10, 68};

// Embedding, three fusions without bias, three norms, head: the same whatever the norm's
// statistics.
TEST(WrongNormTree, HasTheTreesParametersAndOneStatisticAPlace) {
  Rng rng(42);
  study::WrongNormTree wrong(kTree22k, rng);
  EXPECT_EQ(wrong.parameter_count(),
            27 * 10 + (20 * 68 + 2 * 136 * 68) + 3 * 2 * 68 + (68 * 27 + 27));
  Rng again(42);
  const models::Tree right(kTree22k, again);
  EXPECT_EQ(rng.next32(), again.next32());
  const auto of_right = by_name(right.parameters());
  for (const auto& [name, tensor] : wrong.parameters()) {
    ASSERT_TRUE(of_right.contains(name)) << name;
    EXPECT_EQ(tensor.to_vector<float>(), of_right.at(name).to_vector<float>()) << name;
  }
  const auto buffers = by_name(wrong.buffers());
  EXPECT_EQ(buffers.at("blocks.0.norm.running_mean").shape(), (Shape{1, 4, 68}));
  EXPECT_EQ(buffers.at("blocks.1.norm.running_mean").shape(), (Shape{1, 2, 68}));
  EXPECT_EQ(buffers.at("blocks.2.norm.running_mean").shape(), (Shape{1, 68}));
}

}  // namespace
