// Gradients collected apart, on several threads, against those of a plain backward().
#include <gtest/gtest.h>

#include <thread>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Floats = std::vector<float>;

// Some layers of every kind that a WaveNet has, one of them used twice.
class Small {
 public:
  Small()
      : rng_(3),
        embedding_(parameter(randn({7, 5}, rng_))),
        weight_(parameter(randn({10, 5}, rng_))),
        bias_(parameter(randn({5}, rng_))),
        head_(parameter(randn({5, 7}, rng_))) {}

  Tensor loss(const std::vector<std::int32_t>& tokens,
              const std::vector<std::int32_t>& targets) const {
    const auto length = static_cast<std::int64_t>(tokens.size()) / 2;
    const Tensor x = embedding(embedding_, Tensor::from(tokens, {2, length}));
    const Tensor a = causal_conv1d(x, weight_, bias_, {.dilation = 2});
    const Tensor b = causal_conv1d(a, weight_, bias_, {.dilation = 1});
    const Tensor z = reshape(gate(a, b) + x, {2 * length, 5});
    return cross_entropy(matmul(z, head_), Tensor::from(targets, {2 * length}));
  }
  std::vector<Tensor> parameters() const { return {embedding_, weight_, bias_, head_}; }

 private:
  Rng rng_;
  Tensor embedding_;
  Tensor weight_;
  Tensor bias_;
  Tensor head_;
};

Tensor first_loss(const Small& model) {
  return model.loss({0, 1, 2, 3, 0, 6, 5, 6}, {1, 2, 3, 0, 6, 5, 6, -1});
}
Tensor second_loss(const Small& model) {
  return model.loss({0, 4, 4, 4, 2, 1, 0, 3, 3, 1}, {4, 4, 4, 2, 1, 3, 3, 1, 2, 5});
}

// Takes the parameters' gradients away.
std::vector<Floats> taken_gradients(const Small& model) {
  std::vector<Floats> all;
  for (const Tensor& p : model.parameters()) {
    EXPECT_TRUE(grad(p).defined());
    all.push_back(grad(p).to_vector<float>());
    zero_grad(p);
  }
  return all;
}

std::vector<Floats> plain(const Small& model, const Tensor& loss) {
  backward(loss);
  return taken_gradients(model);
}

std::vector<Floats> sum(const std::vector<Floats>& a, const std::vector<Floats>& b) {
  std::vector<Floats> all = a;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a[i].size(); ++j) {
      all[i][j] += b[i][j];
    }
  }
  return all;
}

void expect_no_gradients(const Small& model) {
  for (const Tensor& p : model.parameters()) {
    EXPECT_FALSE(grad(p).defined());
  }
}

TEST(GradientSet, OfOneHoldsThePlainGradients) {
  const Small model;
  const std::vector<Floats> expected = plain(model, first_loss(model));
  GradientSet set;
  {
    const CollectGradients collect(set);
    backward(first_loss(model));
  }
  expect_no_gradients(model);
  set.move_to_parameters();
  EXPECT_EQ(taken_gradients(model), expected);
}

TEST(GradientSet, OfTwoThreadsAddUp) {
  const Small model;
  const std::vector<Floats> first = plain(model, first_loss(model));
  const std::vector<Floats> second = plain(model, second_loss(model));
  ASSERT_NE(first, second);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<GradientSet> sets(2);
    std::thread one([&] {
      const CollectGradients collect(sets[0]);
      backward(first_loss(model));
    });
    std::thread two([&] {
      const CollectGradients collect(sets[1]);
      backward(second_loss(model));
    });
    two.join();
    one.join();
    expect_no_gradients(model);
    sets[0].move_to_parameters();
    sets[1].move_to_parameters();
    ASSERT_EQ(taken_gradients(model), sum(first, second)) << "repeat " << repeat;
  }
}

TEST(GradientSet, AddsToWhatParametersCarry) {
  const Small model;
  const std::vector<Floats> first = plain(model, first_loss(model));
  const std::vector<Floats> second = plain(model, second_loss(model));
  GradientSet set;
  {
    const CollectGradients collect(set);
    backward(second_loss(model));
  }
  backward(first_loss(model));  // nothing is collected any more
  set.move_to_parameters();
  EXPECT_EQ(taken_gradients(model), sum(first, second));
}

TEST(GradientSet, CollectsOnItsThreadAlone) {
  const Small model;
  const std::vector<Floats> expected = plain(model, first_loss(model));
  GradientSet set;
  const CollectGradients collect(set);
  std::thread([&] { backward(first_loss(model)); }).join();
  EXPECT_EQ(taken_gradients(model), expected);
  set.move_to_parameters();
  expect_no_gradients(model);
}

TEST(GradientSet, InsideAnotherCollectsInItsStead) {
  const Small model;
  const std::vector<Floats> first = plain(model, first_loss(model));
  const std::vector<Floats> second = plain(model, second_loss(model));
  GradientSet outer;
  GradientSet inner;
  {
    const CollectGradients collect_outer(outer);
    {
      const CollectGradients collect_inner(inner);
      backward(first_loss(model));
    }
    backward(second_loss(model));
  }
  expect_no_gradients(model);
  inner.move_to_parameters();
  EXPECT_EQ(taken_gradients(model), first);
  outer.move_to_parameters();
  EXPECT_EQ(taken_gradients(model), second);
}

// Two walks into one set: 3 x, then x squared, at x = (1, -2).
TEST(GradientSet, AddsUpWalks) {
  const Tensor x = parameter(Tensor::from<float>({1, -2}, {2}));
  const Tensor unused = parameter(Tensor::from<float>({5}, {1}));
  const Tensor ones = Tensor::from<float>({1, 1}, {2});
  GradientSet set;
  {
    const CollectGradients collect(set);
    backward(affine(x, 3, 0), ones);
    backward(x * x, ones);
  }
  set.move_to_parameters();
  EXPECT_EQ(grad(x).to_vector<float>(), (Floats{3 + 2, 3 - 4}));
  EXPECT_FALSE(grad(unused).defined());
  set.move_to_parameters();  // it is empty now
  EXPECT_EQ(grad(x).to_vector<float>(), (Floats{3 + 2, 3 - 4}));
}

}  // namespace
