// Categorical against sums in double, and what a score and a recipe make of it.
#include "wavenet/output/categorical.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/folder.h"
#include "wavenet/wavenet.h"

namespace wavenet::output {
namespace {

constexpr std::size_t kClasses = 5;
const std::vector<std::int32_t> kTargets{3, 0, kNoTarget, 4, 2, 2};

Tensor some_logits() {
  Rng rng(3);
  return randn({2, 3, kClasses}, rng);
}

Tensor some_targets() { return Tensor::from(kTargets, {2, 3}); }

// (1 - e) log p[target] + e / V (sum of log p) at each place with a target, in double; 0 elsewhere.
std::vector<double> expected_losses(double e) {
  const std::vector<float> x = some_logits().to_vector<float>();
  std::vector<double> all;
  for (std::size_t n = 0; n < kTargets.size(); ++n) {
    double sum = 0;
    for (std::size_t v = 0; v < kClasses; ++v) {
      sum += std::exp(static_cast<double>(x[n * kClasses + v]));
    }
    double loss = 0;
    for (std::size_t v = 0; v < kClasses && kTargets[n] >= 0; ++v) {
      const double q = e / kClasses + (static_cast<std::size_t>(kTargets[n]) == v ? 1 - e : 0);
      loss -= q * (static_cast<double>(x[n * kClasses + v]) - std::log(sum));
    }
    all.push_back(loss);
  }
  return all;
}

TEST(Categorical, LosesTheCrossEntropyWhichTrainingMaySmooth) {
  for (const double e : {0.0, 0.2}) {
    const Categorical output(kClasses, e);
    const std::vector<double> smoothed = expected_losses(e);
    EXPECT_NEAR(output.loss(some_logits(), some_targets()).item(),
                std::accumulate(smoothed.begin(), smoothed.end(), 0.0) / 5, 1e-6);
    const std::vector<double> expected = expected_losses(0);
    const std::vector<double> losses = output.losses(some_logits(), some_targets());
    ASSERT_EQ(losses.size(), expected.size());
    for (std::size_t n = 0; n < losses.size(); ++n) {
      EXPECT_NEAR(losses[n], expected[n], 1e-6) << n;
    }
    const Score score = output.judge(some_logits(), some_targets());
    EXPECT_EQ(score.weight, 5);
    EXPECT_NEAR(score.sum, std::accumulate(expected.begin(), expected.end(), 0.0), 1e-5);
    EXPECT_NEAR(score.mean(), score.sum / 5, 1e-15);
  }
}

TEST(Categorical, HasNoScoreWhereNothingIsPredicted) {
  const Tensor none = Tensor::from(std::vector<std::int32_t>(6, kNoTarget), {2, 3});
  const Score score = Categorical(kClasses).judge(some_logits(), none);
  EXPECT_EQ(score.sum, 0);
  EXPECT_EQ(score.weight, 0);
}

TEST(Categorical, RefusesNumbersThatFitNoTarget) {
  const Categorical output(kClasses);
  const Tensor few = Tensor::from<std::int32_t>({1, 2}, {2});
  const Tensor wide = zeros({2, 3, kClasses + 1});
  const Tensor low = Tensor::from<std::int32_t>({-2}, {1});
  EXPECT_THROW(output.losses(some_logits(), few), Error);
  EXPECT_THROW(output.judge(wide, some_targets()), Error);
  EXPECT_THROW(output.loss(wide, some_targets()), Error);
  EXPECT_THROW(output.losses(zeros({1, kClasses}), low), Error);
}

TEST(Categorical, RefusesWhatItCannotBe) {
  EXPECT_THROW(Categorical(0), Error);
  EXPECT_THROW(Categorical(5, 1), Error);
  EXPECT_THROW(Categorical(5, -0.1), Error);
  EXPECT_THROW(Categorical(5).sampler({.top_p = 0}), UsageError);
}

TEST(Outputs, AreNamedByTheRecipe) {
  const Config none = Config::parse("{}", "mine");
  EXPECT_EQ(build(none, 7)->width(), 7);
  EXPECT_EQ(build(none, 7)->kind(), "categorical");
  const Config wrong = Config::parse(R"({"model": {"output": "categoricl"}})", "mine");
  const std::string problem = problem_of([&] { build(wrong, 7); });
  EXPECT_NE(problem.find("mine: model.output must be 'categorical' or 'waveform'"),
            std::string::npos)
      << problem;
}

}  // namespace
}  // namespace wavenet::output
