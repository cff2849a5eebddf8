// Waveform against the numbers that the reference trainer gives for noise that a recurrence makes, and
// against PyTorch.
#include "wavenet/output/waveform.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/folder.h"
#include "tests/nn/golden.h"

namespace wavenet::output {
namespace {

constexpr std::int64_t kLength = 8192;

using Samples = std::vector<float>;

// Uniform in [-0.5, 0.5), by a linear congruential recurrence of 64 bits.
Samples noise(std::size_t count) {
  std::uint64_t state = 20261128;
  Samples samples;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::int64_t whole = static_cast<std::int64_t>(state >> 40U) - 8388608;
    samples.push_back(static_cast<float>(static_cast<double>(whole) / 16777216));
  }
  return samples;
}

// One item, a for b; and two, a and b / 2 for b and a + b / 10.
struct Signals {
  Signals() {
    const Samples all = noise(2 * kLength);
    const Samples a(all.begin(), all.begin() + kLength);
    const Samples b(all.begin() + kLength, all.end());
    one = Tensor::from(a, {1, kLength, 1});
    of_one = Tensor::from(b, {1, kLength});
    Samples answers = a;
    Samples targets = b;
    for (std::size_t i = 0; i < a.size(); ++i) {
      answers.push_back(0.5F * b[i]);
      targets.push_back(a[i] + 0.1F * b[i]);
    }
    two = Tensor::from(answers, {2, kLength, 1});
    of_two = Tensor::from(targets, {2, kLength});
  }
  Tensor one, of_one, two, of_two;
};

TEST(Waveform, LosesWhatTheReferenceTrainerLoses) {
  const Signals s;
  const Waveform squares({.mrstft = 0});
  EXPECT_NEAR(squares.loss(s.one, s.of_one).item(), 0.1636494, 1e-7);
  EXPECT_NEAR(squares.loss(s.two, s.of_two).item(), 0.1296647, 1e-7);
  const Waveform plain({.mrstft = 1});
  EXPECT_NEAR(plain.loss(s.one, s.of_one).item(), 0.1636494 + 1.358340, 1e-6);
  EXPECT_NEAR(plain.loss(s.two, s.of_two).item(), 0.1296647 + 1.485705, 1e-6);
  const Waveform emphasized({.mrstft = 1, .pre_emphasis = 0.85});
  EXPECT_NEAR(emphasized.loss(s.one, s.of_one).item(), 0.1636494 + 1.362571, 1e-6);
  EXPECT_NEAR(emphasized.loss(s.two, s.of_two).item(), 0.1296647 + 1.488895, 1e-6);
}

TEST(Waveform, SendsBackWhatPyTorchSends) {
  const io::SafeTensors file = golden::read("waveform");
  const Tensor targets = file.tensors.at("all/targets");
  for (const double c : {0.0, 0.85}) {
    const golden::Case expected(file, c == 0 ? "loss" : "loss_emphasized", 1e-5F);
    for (const std::int64_t net : {0, 1}) {
      // dy of the case weighs the nets' losses, which ours adds up: one net at a time.
      const Tensor x = expected.input("x");
      const Tensor alone = contiguous(index(x, {{}, {}, {.start = net, .stop = net + 1}}));
      const Tensor loss = Waveform({.mrstft = 0.5, .pre_emphasis = c}).loss(alone, targets);
      const auto at = static_cast<std::size_t>(net);
      EXPECT_NEAR(loss.item(), expected["y"].to_vector<float>()[at], 1e-5);
      backward(loss, Tensor::scalar(expected["dy"].to_vector<float>()[at]));
      const Samples want =
          index(expected["dx"], {{}, {}, {.start = net, .stop = net + 1}}).to_vector<float>();
      const Samples got =
          index(grad(x), {{}, {}, {.start = net, .stop = net + 1}}).to_vector<float>();
      double apart = 0;  // as a whole, for the reason that tests/ops/waveform_loss_test.cpp gives
      double length = 0;
      for (std::size_t i = 0; i < want.size(); ++i) {
        apart += std::pow(static_cast<double>(got[i]) - static_cast<double>(want[i]), 2);
        length += std::pow(static_cast<double>(want[i]), 2);
      }
      EXPECT_LT(std::sqrt(apart), 5e-4 * std::sqrt(length)) << c << ", net " << net;
    }
  }
}

TEST(Waveform, AddsUpTheLossesOfNetsSideBySide) {
  const Signals s;
  Samples both;
  const Samples a = s.two.to_vector<float>();
  const Samples targets = s.of_two.to_vector<float>();
  for (std::size_t i = 0; i < a.size(); ++i) {
    both.push_back(a[i]);
    both.push_back(0.5F * a[i]);
  }
  const Tensor second = affine(s.two, 0.5, 0);
  const Waveform one({.nets = 1});
  const Waveform two({.nets = 2});
  EXPECT_NEAR(two.loss(Tensor::from(both, {2, kLength, 2}), s.of_two).item(),
              one.loss(s.two, s.of_two).item() + one.loss(second, s.of_two).item(), 1e-6);
}

TEST(Waveform, JudgesByTheErrorToSignalRatio) {
  const Signals s;
  EXPECT_NEAR(Waveform({}).judge(s.one, s.of_one).mean(), 1.990256, 1e-6);
  EXPECT_EQ(Waveform({}).unit(), "ESR");
  // (1 + 4) / 25 of the first net, (0 + 16) / 25 of the second.
  const Tensor raw = Tensor::from<float>({2, 3, 2, 0}, {1, 2, 2});
  const Tensor targets = Tensor::from<float>({3, 4}, {1, 2});
  const Waveform two({.nets = 2});
  const std::vector<Score> each = two.judge_each(raw, targets);
  ASSERT_EQ(each.size(), 2U);
  EXPECT_DOUBLE_EQ(each[0].mean(), 5.0 / 25);
  EXPECT_DOUBLE_EQ(each[1].mean(), 16.0 / 25);
  EXPECT_DOUBLE_EQ(two.judge(raw, targets).mean(), 21.0 / 25);
  EXPECT_EQ(two.losses(raw, targets), (std::vector<double>{1, 20}));
  EXPECT_EQ(count_targets(targets), 2);
}

TEST(Waveform, RefusesWhatDoesNotFit) {
  const Waveform output({});
  const Tensor targets = zeros({1, 2000});
  EXPECT_THROW(output.loss(zeros({1, 2000, 2}), targets), Error);
  EXPECT_THROW(output.judge(zeros({2, 1000, 1}), targets), Error);
  EXPECT_THROW(output.losses(zeros({1, 2000, 1}), Tensor::zeros({1, 2000}, DType::i32)), Error);
  const std::string problem = problem_of([&] {
    output.loss(zeros({1, 1000, 1}), zeros({1, 1000}));
  });
  EXPECT_NE(problem.find("a transform of 2048 points needs more than 1024 samples, got 1000"),
            std::string::npos)
      << problem;
  EXPECT_THROW(output.sampler({}), UsageError);
  EXPECT_THROW(Waveform({.nets = 0}), Error);
  EXPECT_THROW(Waveform({.mrstft = -1}), Error);
  EXPECT_THROW(Waveform({.pre_emphasis = 1.1}), Error);
}

TEST(Waveform, IsNamedAndWeighedByTheRecipe) {
  const Config recipe = Config::parse(
      R"({"model": {"output": "waveform"}, "output": {"mrstft": 1, "pre_emphasis": 0.85}})",
      "mine");
  const std::shared_ptr<const Output> output = build(recipe, 1);
  recipe.require_all_read();
  EXPECT_EQ(output->kind(), "waveform");
  EXPECT_EQ(output->width(), 1);
  const Signals s;
  EXPECT_NEAR(output->loss(s.one, s.of_one).item(), 0.1636494 + 1.362571, 1e-6);
  EXPECT_EQ(build(recipe, 2)->width(), 2);
}

}  // namespace
}  // namespace wavenet::output
