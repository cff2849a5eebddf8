#include "wavenet/train/verdict.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wavenet::train {
namespace {

const Reference kNames{.marks = {.uniform = 3.2958, .unigram = 2.8267, .ngram = 1.9740, .order = 6},
                       .learning_rate = 0.1};

// A log of `windows` windows of 50 steps, the loss as a function of the share of the run done.
template <class Loss>
Verdicts curve(const Loss& loss, int windows = 40) {
  Verdicts verdicts(kNames);
  for (int i = 1; i <= windows; ++i) {
    verdicts.add(WindowRecord{50 * i, static_cast<double>(loss(static_cast<double>(i) / windows))});
  }
  return verdicts;
}

double healthy(double done) { return 2.2 + 1.1 * std::exp(-8 * done); }

LayerRecord layer(std::int64_t step, const char* name, double saturated, double dead,
                  const char* kind = "Tanh") {
  return {.step = step, .name = name, .kind = kind, .saturated = saturated, .dead = dead};
}

ParameterRecord parameter(std::int64_t step, const char* name, double update_ratio,
                          double gradient_std) {
  return {.step = step, .name = name, .gradient_std = gradient_std, .update_ratio = update_ratio};
}

// The one verdict, its number and its advice.
void expect_verdict(const Verdicts& verdicts, const std::string& name, const std::string& number,
                    const std::string& advice) {
  const std::optional<Verdict> given = verdicts.judge();
  ASSERT_TRUE(given);
  EXPECT_EQ(given->name, name);
  EXPECT_NE(given->because.find(number), std::string::npos) << given->because;
  EXPECT_NE(given->advice.find(advice), std::string::npos) << given->advice;
}

TEST(Verdicts, NoneBeforeTheRunBeginsAndNoneForAHealthyOne) {
  EXPECT_FALSE(Verdicts(kNames).judge());
  Verdicts verdicts = curve(healthy);
  for (const std::int64_t step : {400, 800, 1200, 1600, 2000}) {
    verdicts.add(Evaluation{step, "val", healthy(static_cast<double>(step) / 2000) + 0.1});
    verdicts.add(layer(step, "blocks.0.tanh", 0.2, 0.0));
    verdicts.add(parameter(step, "head.weight", -3, 1e-3));
  }
  EXPECT_FALSE(verdicts.judge());
}

TEST(Verdicts, FewStepsSayNothing) {
  EXPECT_FALSE(curve([](double) { return 3.2958; }, 1).judge());
}

TEST(Verdicts, NotLearningAtTheLossOfGuessing) {
  Verdicts verdicts = curve([](double) { return 3.2961; });
  verdicts.add(parameter(2000, "head.weight", -5, 1e-3));
  expect_verdict(verdicts, "not learning", "3.2961 after 2000 steps", "higher train.learning_rate");
}

TEST(Verdicts, NotLearningForUpdatesThatAreTooLarge) {
  Verdicts verdicts = curve([](double) { return 3.35; });
  verdicts.add(parameter(2000, "head.weight", -0.5, 1.0));
  expect_verdict(verdicts, "not learning", "3.3500", "lower train.learning_rate than 0.1");
}

TEST(Verdicts, WorseThanCountingSingleCharacters) {
  Verdicts verdicts = curve([](double done) { return 2.83 + 0.46 * std::exp(-20 * done); });
  verdicts.add(parameter(2000, "head.weight", -3, 1e-3));
  expect_verdict(verdicts, "worse than counting", "2.8300 after 2000 steps", "the data");
}

TEST(Verdicts, WorseThanCountingTellsWhatLinearPredictionGives) {
  Reference reference = kNames;
  reference.marks.linear_prediction = 1.5;
  Verdicts verdicts(reference);
  for (int i = 1; i <= 20; ++i) {
    verdicts.add(WindowRecord{100 * i, 2.83});
  }
  const auto found = verdicts.judge();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->because.ends_with("1.9740, linear prediction 1.5000")) << found->because;
}

TEST(Verdicts, WhatStillFallsIsLeftAlone) {
  // At 2.84 above the unigram in the last tenth, yet 0.1 below the tenth before.
  EXPECT_FALSE(curve([](double done) { return 3.79 - done; }).judge());
}

TEST(Verdicts, DivergingWhenTheLossRises) {
  const Verdicts verdicts =
      curve([](double done) { return healthy(done) + (done < 0.5 ? 0 : 0.8 * done); });
  expect_verdict(verdicts, "diverging", "above the lowest", "lower train.learning_rate than 0.1");
}

TEST(Verdicts, DivergingWhenItIsWorseThanGuessingAndStaysThere) {
  const Verdicts verdicts = curve([](double) { return 9.5; });
  expect_verdict(verdicts, "diverging", "9.5000 after 2000 steps", "such as 0.01");
}

// A rate far too high: the last tenth is by chance the lowest, and val above its best.
TEST(Verdicts, DivergingWhereALossFarAboveGuessingHappensToFall) {
  Verdicts verdicts = curve([](double done) { return done < 0.1 ? 250 : done > 0.9 ? 163 : 200; });
  verdicts.add(Evaluation{400, "val", 119.3});
  verdicts.add(Evaluation{2000, "val", 215.8});
  expect_verdict(verdicts, "diverging", "163.0000 after 2000 steps", "lower");
}

// Weights that begin too large cost the first steps much.
TEST(Verdicts, NoneWhileAHighStartComesDown) {
  const Verdicts verdicts = curve([](double done) { return 20 - 14 * done; }, 10);
  EXPECT_FALSE(verdicts.judge());
}

TEST(Verdicts, DivergingAtTheFirstLossThatIsNotFinite) {
  Verdicts verdicts(kNames);
  verdicts.add(WindowRecord{1, 3.3});
  verdicts.add(WindowRecord{2, std::numeric_limits<double>::quiet_NaN()});
  expect_verdict(verdicts, "diverging", "not finite after 2 steps", "lower");
}

// A loss that comes down from far above guessing may yet get there, but not once the run has ended.
TEST(Verdicts, FarAboveGuessingAtTheEndIsDiverging) {
  Verdicts verdicts(kNames);
  for (int i = 1; i <= 30; ++i) {
    verdicts.add(WindowRecord{10 * i, 5 + 60.0 / i});
  }
  EXPECT_FALSE(verdicts.judge());
  const std::optional<Verdict> given = verdicts.judge(/*ended=*/true);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->name, "diverging");
  Verdicts few(kNames);
  few.add(WindowRecord{50, 30'000});
  EXPECT_FALSE(few.judge());
  EXPECT_TRUE(few.judge(/*ended=*/true));
}

// Text of one character: nothing is behind a mark of 0.
TEST(Verdicts, APerfectModelIsNotBehindCounting) {
  Verdicts verdicts({.marks = {.uniform = 0.6931, .unigram = 1e-5, .ngram = 1e-5, .order = 6}});
  for (int i = 1; i <= 20; ++i) {
    verdicts.add(WindowRecord{100 * i, 1e-6});
  }
  EXPECT_FALSE(verdicts.judge());
}

// Without a look at the layers nothing tells a rate too high from one too low.
TEST(Verdicts, WithoutLayersBothWaysAreAdvised) {
  for (const double loss : {3.3, 2.83}) {
    Reference reference = kNames;
    reference.learning_rate = 0.1;
    Verdicts verdicts(reference);
    for (int i = 1; i <= 20; ++i) {
      verdicts.add(WindowRecord{100 * i, loss});
    }
    expect_verdict(verdicts, loss > 3 ? "not learning" : "worse than counting", "after 2000 steps",
                   "another train.learning_rate than 0.1, such as 0.01 or 1");
  }
}

TEST(Verdicts, OverFittingAdvisesWhatTheRecipeLacks) {
  for (const bool keeps_best : {false, true}) {
    Reference reference = kNames;
    reference.keeps_best = keeps_best;
    Verdicts verdicts(reference);
    for (int i = 1; i <= 20; ++i) {
      verdicts.add(WindowRecord{100 * i, 1.5});
    }
    verdicts.add(Evaluation{1000, "val", 2.0});
    verdicts.add(Evaluation{2000, "val", 2.2});
    expect_verdict(verdicts, "over-fitting", "0.2000 above its best",
                   keeps_best ? "the best is kept already" : "train.keep=best");
  }
}

TEST(Verdicts, SaturatedFromTheStartAndStaying) {
  Verdicts verdicts = curve([](double) { return 3.1; });
  verdicts.add(layer(0, "blocks.0.tanh", 0.95, 0.2));
  verdicts.add(layer(1000, "blocks.0.tanh", 0.93, 0.2));
  expect_verdict(verdicts, "saturated", "93 % of the outputs of blocks.0.tanh", "initial weights");
}

TEST(Verdicts, AGatedTanhMaySaturateAsItLearns) {
  Verdicts verdicts = curve(healthy);
  for (const std::int64_t step : {1000, 2000}) {
    verdicts.add(layer(step, "blocks.9.tanh", 0.7, 0.4, "GatedTanh"));
  }
  expect_verdict(verdicts, "saturated", "", "");  // had it begun so
  verdicts = curve(healthy);
  verdicts.add(layer(0, "blocks.9.tanh", 0.24, 0.0, "GatedTanh"));
  for (const std::int64_t step : {1000, 2000}) {
    verdicts.add(layer(step, "blocks.9.tanh", 0.7, 0.4, "GatedTanh"));
  }
  EXPECT_FALSE(verdicts.judge());
}

TEST(Verdicts, WhatIsSaturatedOnceOnlyIsLeftAlone) {
  Verdicts verdicts = curve(healthy);
  verdicts.add(layer(0, "blocks.0.tanh", 0.9, 0.4));
  verdicts.add(layer(1000, "blocks.0.tanh", 0.1, 0.0));
  verdicts.add(layer(2000, "blocks.0.tanh", 0.1, 0.0));
  EXPECT_FALSE(verdicts.judge());
}

TEST(Verdicts, DeadChannels) {
  Verdicts verdicts = curve(healthy);
  verdicts.add(layer(0, "blocks.1.tanh", 0.1, 0.0));
  verdicts.add(layer(1000, "blocks.1.tanh", 0.45, 0.4));
  verdicts.add(layer(2000, "blocks.1.tanh", 0.45, 0.42));
  expect_verdict(verdicts, "dead", "42 % of the channels of blocks.1.tanh", "lower");
}

TEST(Verdicts, DeadWhenMostGradientsAreZero) {
  Verdicts verdicts = curve([](double) { return 2.83; });
  for (const std::int64_t step : {1000, 2000}) {
    verdicts.add(parameter(step, "embedding.weight", -20, 0));
    verdicts.add(parameter(step, "head.weight", -20, 0));
    verdicts.add(parameter(step, "head.bias", -3, 1e-2));
  }
  expect_verdict(verdicts, "dead", "2 of 3 parameters are 0", "initial weights");
}

TEST(Verdicts, DeadAfterABadStepAsksForALowerRate) {
  Verdicts verdicts = curve([](double) { return 2.83; });
  verdicts.add(parameter(0, "embedding.weight", -1, 1e-2));
  for (const std::int64_t step : {1000, 2000}) {
    verdicts.add(parameter(step, "embedding.weight", -20, 0));
  }
  expect_verdict(verdicts, "dead", "1 of 1 parameters are 0", "lower train.learning_rate");
}

TEST(Verdicts, AHeadThatStartsAtZeroIsNotDead) {
  // Only the first look sees gradients of zero below such a head.
  Verdicts verdicts = curve(healthy);
  verdicts.add(parameter(0, "embedding.weight", -20, 0));
  verdicts.add(parameter(1000, "embedding.weight", -3, 1e-4));
  verdicts.add(parameter(2000, "embedding.weight", -3, 1e-4));
  EXPECT_FALSE(verdicts.judge());
}

TEST(Verdicts, OverFittingWhenValRisesAndTrainFalls) {
  Verdicts verdicts = curve([](double done) { return 2.4 - 0.6 * done; });
  verdicts.add(Evaluation{500, "val", 2.30});
  verdicts.add(Evaluation{1000, "val", 2.20});
  verdicts.add(Evaluation{1500, "val", 2.25});
  verdicts.add(Evaluation{2000, "val", 2.28});
  expect_verdict(verdicts, "over-fitting", "0.0800 above its best after 1000 steps", "keep=best");
}

TEST(Verdicts, OverFittingByAWideGapAlone) {
  Verdicts verdicts = curve([](double) { return 1.0; });
  verdicts.add(Evaluation{2000, "train", 0.9});
  verdicts.add(Evaluation{2000, "val", 2.5});
  expect_verdict(verdicts, "over-fitting", "1.6000 above that on train, 0.9000", "more data");
}

// The published losses of the article's networks, as PyTorch has them, are no over-fitting.
TEST(Verdicts, TheArticlesGapIsHealthy) {
  Verdicts verdicts = curve([](double done) { return 1.77 + 1.5 * std::exp(-20 * done); });
  verdicts.add(Evaluation{1000, "val", 2.03});
  verdicts.add(Evaluation{2000, "val", 1.9937});
  verdicts.add(Evaluation{2000, "train", 1.7690});
  EXPECT_FALSE(verdicts.judge());
}

const Reference kPlexi{.marks = {.gain = 0.5, .filter = 0.3, .curve = 0.1},
                       .unit = "sample",
                       .measure = "ESR",
                       .learning_rate = 0.004};

// Windows of minibatches hold another loss than the ESR on val, and a far smaller one.
Verdicts of_amplifier(double esr) {
  Verdicts verdicts(kPlexi);
  for (int i = 1; i <= 40; ++i) {
    verdicts.add(WindowRecord{50 * i, 0.01 + 0.02 / i});
    verdicts.add(Evaluation{50 * i, "val", esr + 0.5 / i});
  }
  return verdicts;
}

TEST(Verdicts, AnAmplifierThatAFilterOrACurveMatches) {
  EXPECT_FALSE(of_amplifier(0.01).judge());
  expect_verdict(of_amplifier(0.2), "no better than a filter",
                 "where the best linear filter has 0.3000 and the best static curve 0.1000",
                 "wavenet doctor");
}

}  // namespace
}  // namespace wavenet::train
