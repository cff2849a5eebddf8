// Sequences so long that a stack of gated blocks goes by ranges of rows: the same bits forward, the
// same gradients but for rounding, and a Trace that sees all and changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "wavenet/ops/watch.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Block = nn::GatedResidualBlock;

constexpr std::int64_t kRows = 2200;  // whole ranges, and a part of one

// Blocks of 5 channels, of which the second looks back farther than a range is long.
class Stack : public nn::Module {
 public:
  Stack() {
    Rng rng(3);
    for (const std::int64_t dilation : {7, 300, 1}) {
      blocks.push_back(
          &add_child(std::to_string(blocks.size()), Block(rng, {.residual = 5,
                                                                .skip = 7,
                                                                .width = 3,
                                                                .dilation = dilation,
                                                                .last = dilation == 1})));
    }
  }
  std::string kind() const override { return "Stack"; }
  std::vector<Block*> blocks;
};

struct Result {
  std::vector<float> skips;
  std::map<std::string, std::vector<float>> gradients;
};

// Of the stack's parameters and of x.
Result run(const Stack& stack, const nn::StackRows& rows, std::int64_t batch = 1) {
  Rng rng(5);
  const Tensor x = parameter(randn({batch, kRows, 5}, rng));
  for (const auto& [name, parameter] : stack.parameters()) {
    zero_grad(parameter);
  }
  const Tensor skips = nn::run_stack(stack.blocks, x, rows);
  backward(sum(tanh(skips)));
  Result result{skips.to_vector<float>(), {}};
  result.gradients["x"] = grad(x).to_vector<float>();
  for (const auto& [name, parameter] : stack.parameters()) {
    result.gradients[name] = grad(parameter).to_vector<float>();
  }
  return result;
}

TEST(LongSequences, HaveTheBitsOfAWholePass) {
  const Stack stack;
  const auto starts = std::make_shared<std::vector<std::int64_t>>(1, 0);  // packed: a whole pass
  const Result whole = run(stack, {.starts = starts});
  const Result ranges = run(stack, {});
  EXPECT_EQ(ranges.skips, whole.skips);
  ASSERT_EQ(ranges.gradients.size(), whole.gradients.size());
  for (const auto& [name, expected] : whole.gradients) {
    const std::vector<float>& got = ranges.gradients.at(name);
    float largest = 0;
    for (const float value : expected) {
      largest = std::max(largest, std::abs(value));
    }
    EXPECT_GT(largest, 0) << name;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(got[i], expected[i], largest * kRows * 0x1p-24f) << name << " " << i;
    }
  }
}

// Nothing is kept for the way back then.
TEST(LongSequences, HaveTheSameBitsWhereNoGradientIsWanted) {
  const Stack stack;
  const Result recorded = run(stack, {.past = 700}, 2);
  const NoGrad unrecorded;
  Rng rng(5);
  const Tensor skips = nn::run_stack(stack.blocks, randn({2, kRows, 5}, rng), {.past = 700});
  EXPECT_EQ(skips.to_vector<float>(), recorded.skips);
}

// With every gradient that its layers show.
std::pair<Result, std::map<std::string, double>> traced(const Stack& stack,
                                                        const nn::StackRows& rows) {
  std::map<std::string, double> seen;
  const nn::Trace trace(stack, [&](const nn::Trace::Layer& layer, Tensor& output) {
    output = watch(output, [&seen, name = layer.name](const Tensor& dy) {
      for (const float value : dy.to_vector<float>()) {
        seen[name] += std::abs(static_cast<double>(value));
      }
    });
  });
  Result result = run(stack, rows, 2);
  return {result, seen};
}

TEST(LongSequences, ShowTheirLayersAndChangeNoBit) {
  const Stack stack;
  const nn::StackRows rows{.past = 150};
  const Result untraced = run(stack, rows, 2);
  const auto [result, seen] = traced(stack, rows);
  EXPECT_EQ(result.skips, untraced.skips);
  EXPECT_EQ(result.gradients, untraced.gradients);
  // A bias gets the sum of what its layer's result gets, so no more than the sum of its sizes.
  for (const char* name :
       {"0.filter", "0.gate", "0.residual", "1.residual", "2.filter", "2.skip"}) {
    double bias = 0;
    for (const float value : untraced.gradients.at(std::string(name) + ".bias")) {
      bias += std::abs(static_cast<double>(value));
    }
    ASSERT_TRUE(seen.contains(name)) << name;
    EXPECT_GE(seen.at(name), bias * 0.999) << name;
  }
}

}  // namespace
