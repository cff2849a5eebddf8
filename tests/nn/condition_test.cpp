// A condition enters a convolution as its addend: a brick as the next models have, against the same
// sum written out.
#include <gtest/gtest.h>

#include "tests/folder.h"
#include "wavenet/wavenet.h"

namespace wavenet {
namespace {

// Global and local conditioning (van den Oord et al. 2016, section 2.5):
// z = tanh(filter(x) + V h) sigmoid(gate(x) + U h), h: [B, 1, H] for a whole sequence, or [B, T, H].
class ConditionedGate : public nn::Module {
 public:
  ConditionedGate(std::int64_t channels, std::int64_t condition, Rng& rng)
      : filter_(add_child("filter", nn::CausalConv1d(channels, channels, rng, {.dilation = 2}))),
        gate_(add_child("gate", nn::CausalConv1d(channels, channels, rng, {.dilation = 2}))),
        to_filter_(add_child("to_filter", nn::Linear(condition, channels, rng, {.bias = false}))),
        to_gate_(add_child("to_gate", nn::Linear(condition, channels, rng, {.bias = false}))) {}
  std::string kind() const override { return "ConditionedGate"; }

  Tensor run(const Tensor& x, const Tensor& h, const Rows& rows) {
    return gate(filter_(x, rows, to_filter_(h)), gate_(x, rows, to_gate_(h)));
  }
  Tensor written_out(const Tensor& x, const Tensor& h, const Rows& rows) {
    return gate(filter_(x, rows) + to_filter_(h), gate_(x, rows) + to_gate_(h));
  }

 private:
  nn::CausalConv1d& filter_;
  nn::CausalConv1d& gate_;
  nn::Linear& to_filter_;
  nn::Linear& to_gate_;
};

std::vector<float> gradients_of(ConditionedGate& brick, const Tensor& x, const Tensor& h) {
  std::vector<float> all;
  const auto take = [&](const Tensor& tensor) {
    const std::vector<float> values = grad(tensor).to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
    zero_grad(tensor);
  };
  for (const auto& [name, tensor] : brick.parameters()) {
    take(tensor);
  }
  take(x);
  take(h);
  return all;
}

TEST(Condition, EntersAsTheAddendOfAConvolution) {
  Rng rng(3);
  ConditionedGate brick(21, 6, rng);
  const Starts starts =
      std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{0, 4, 9});
  struct Case {
    const char* name;
    Shape x;
    Shape h;
    Rows rows;
  };
  for (const Case& c :
       {Case{"global", {3, 11, 21}, {3, 1, 6}, {}}, Case{"local", {3, 11, 21}, {3, 11, 6}, {}},
        Case{"global, last rows", {3, 11, 21}, {3, 1, 6}, {.past = 5}},
        Case{"local, last rows", {3, 11, 21}, {3, 6, 6}, {.past = 5}},
        Case{"local, packed", {1, 13, 21}, {1, 13, 6}, {.starts = starts}}}) {
    SCOPED_TRACE(c.name);
    const Tensor x = parameter(randn(c.x, rng));
    const Tensor h = parameter(randn(c.h, rng));
    const Tensor expected = brick.written_out(x, h, c.rows);
    const Tensor dz = randn(expected.shape(), rng);
    backward(expected, dz);
    const std::vector<float> expected_gradients = gradients_of(brick, x, h);
    const Tensor got = brick.run(x, h, c.rows);
    backward(got, dz);
    const std::vector<float> got_gradients = gradients_of(brick, x, h);
    ASSERT_EQ(got.shape(), expected.shape());
    const std::vector<float> values = got.to_vector<float>();
    const std::vector<float> wanted = expected.to_vector<float>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_NEAR(values[i], wanted[i], 1e-6) << i;
    }
    ASSERT_EQ(got_gradients.size(), expected_gradients.size());
    for (std::size_t i = 0; i < got_gradients.size(); ++i) {
      ASSERT_NEAR(got_gradients[i], expected_gradients[i], 1e-5) << i;
    }
  }
}

// A Trace sees what a layer gives by itself, whatever the condition.
TEST(Condition, IsNoneOfALayersOwnResult) {
  Rng rng(4);
  ConditionedGate brick(5, 2, rng);
  const Tensor x = randn({1, 6, 5}, rng);
  const auto traced = [&](const Tensor& h) {
    std::vector<float> filter;
    const nn::Trace trace(brick, [&](const nn::Trace::Layer& layer, Tensor& output) {
      if (layer.name == "filter") {
        filter = output.to_vector<float>();
      }
    });
    return std::pair{brick.run(x, h, {}).to_vector<float>(), filter};
  };
  const Tensor h = randn({1, 1, 2}, rng);
  const auto [conditioned, filter] = traced(h);
  const auto [plain, plain_filter] = traced(zeros({1, 1, 2}));
  EXPECT_EQ(filter, plain_filter);
  EXPECT_NE(conditioned, plain);
  const std::vector<float> expected = brick.run(x, h, {}).to_vector<float>();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(conditioned[i], expected[i], 1e-6);
  }
}

TEST(Condition, OfAnotherShapeIsRefused) {
  Rng rng(5);
  nn::CausalConv1d conv(3, 4, rng);
  const Tensor x = randn({2, 6, 3}, rng);
  for (const Shape& shape : {Shape{2, 5, 4}, Shape{1, 6, 4}, Shape{2, 6, 3}, Shape{2, 4}}) {
    const Tensor addend = zeros(shape);
    const std::string problem = problem_of([&] { conv(x, {}, addend); });
    EXPECT_NE(problem.find("the addend must be f32 [2, 6, 4] or [2, 1, 4]"), std::string::npos)
        << problem;
  }
}

}  // namespace
}  // namespace wavenet
