// Sequences so long that a gated block goes by ranges of rows: the same bits forward, the same
// gradients but for rounding, and a Trace that sees all and changes nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "wavenet/ops/watch.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Block = nn::GatedResidualBlock;

constexpr std::int64_t kRows = 2200;  // four ranges of 512, and a part of one
constexpr std::int64_t kSkips = 7;

struct Result {
  std::vector<float> x;
  std::vector<float> skips;
  std::map<std::string, std::vector<float>> gradients;
};

// Of one sequence, and of the block's parameters, x and skips.
Result run(Block& block, const Block::Wanted& wanted, std::int64_t batch = 1) {
  Rng rng(5);
  const Tensor x = parameter(randn({batch, kRows, 5}, rng));
  const Tensor skips = parameter(randn({batch, kRows - wanted.skip_from, kSkips}, rng));
  for (const auto& [name, parameter] : block.parameters()) {
    zero_grad(parameter);
  }
  const auto [y, more] = block.run(x, skips, wanted);
  backward(sum(tanh(y)) + sum(tanh(more)));
  Result result{y.to_vector<float>(), more.to_vector<float>(), {}};
  result.gradients["x"] = grad(x).to_vector<float>();
  result.gradients["skips"] = grad(skips).to_vector<float>();
  for (const auto& [name, parameter] : block.parameters()) {
    result.gradients[name] = grad(parameter).to_vector<float>();
  }
  return result;
}

Block block_of(std::int64_t dilation) {
  Rng rng(3);
  return {rng, {.residual = 5, .skip = kSkips, .width = 3, .dilation = dilation}};
}

TEST(LongSequences, HaveTheBitsOfAWholePass) {
  Block block = block_of(300);
  const auto starts = std::make_shared<std::vector<std::int64_t>>(1, 0);  // packed: a whole pass
  const Result whole = run(block, {.starts = starts});
  const Result ranges = run(block, {});
  EXPECT_EQ(ranges.x, whole.x);
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

// With every gradient that its layers show.
std::pair<Result, std::map<std::string, double>> traced(Block& block, const Block::Wanted& wanted) {
  std::map<std::string, double> seen;
  const nn::Trace trace(block, [&](const nn::Trace::Layer& layer, Tensor& output) {
    output = watch(output, [&seen, name = layer.name](const Tensor& dy) {
      for (const float value : dy.to_vector<float>()) {
        seen[name] += std::abs(static_cast<double>(value));
      }
    });
  });
  Result result = run(block, wanted, 2);
  return {result, seen};
}

TEST(LongSequences, ShowTheirLayersAndChangeNoBit) {
  Block block = block_of(100);
  const Block::Wanted wanted{.x_from = 10, .skip_from = 150};
  const Result untraced = run(block, wanted, 2);
  const auto [result, seen] = traced(block, wanted);
  EXPECT_EQ(result.x, untraced.x);
  EXPECT_EQ(result.skips, untraced.skips);
  EXPECT_EQ(result.gradients, untraced.gradients);
  // A bias gets the sum of what its layer's result gets, so no more than the sum of its sizes.
  for (const char* name : {"filter", "gate", "residual", "skip"}) {
    double bias = 0;
    for (const float value : untraced.gradients.at(std::string(name) + ".bias")) {
      bias += std::abs(static_cast<double>(value));
    }
    ASSERT_TRUE(seen.contains(name)) << name;
    EXPECT_GE(seen.at(name), bias * 0.999) << name;
  }
}

}  // namespace
