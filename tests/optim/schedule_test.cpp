// What a schedule says of a run that is shorter than the recipe meant.
#include "wavenet/optim/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wavenet::optim {
namespace {

std::vector<std::string> advice(const std::string& train, std::int64_t steps) {
  const Config recipe = Config::parse("{\"train\": {" + train + "}}", "a recipe");
  std::vector<std::string> all;
  for (const Misfit& misfit : Schedule(recipe).misfits(steps)) {
    all.push_back(misfit.instead);
  }
  return all;
}

using Advice = std::vector<std::string>;

TEST(Misfits, AreAWarmUpOfMoreThanHalfTheRun) {
  const std::string train =
      R"("steps": 200000, "schedule": "cosine", "learning_rate": 0.003, "warmup": 500)";
  EXPECT_EQ(advice(train, 300), Advice{"train.warmup=30"});
  EXPECT_EQ(advice(train, 500), Advice{"train.warmup=50"});
  EXPECT_EQ(advice(train, 999), Advice{"train.warmup=99"});
  EXPECT_EQ(advice(train, 1000), Advice{});
  EXPECT_EQ(advice(train, 5), Advice{"train.warmup=0"});
  EXPECT_EQ(advice(R"("schedule": "constant", "learning_rate": 0.1)", 1), Advice{});
}

TEST(Misfits, AreADropThatTheRunDoesNotComeTo) {
  const std::string train = R"("schedule": "step", "learning_rate": 0.1, "drop_at": 150000,
                               "final_learning_rate": 0.01)";
  EXPECT_EQ(advice(train, 200'000), Advice{});
  EXPECT_EQ(advice(train, 150'001), Advice{});
  EXPECT_EQ(advice(train, 150'000), Advice{"train.drop_at=112500"});
  EXPECT_EQ(advice(train, 20'000), Advice{"train.drop_at=15000"});
}

// In closed form: after half of the way the rate is the geometric mean of its ends.
TEST(Schedule, ExponentialFallsByTheSameFactorEachStep) {
  const Config recipe = Config::parse(
      R"({"train": {"steps": 200, "schedule": "exponential", "learning_rate": 0.004,
          "final_learning_rate": 0.001}})",
      "a recipe");
  const Schedule schedule(recipe);
  EXPECT_DOUBLE_EQ(schedule.rate(0), 0.004);
  EXPECT_DOUBLE_EQ(schedule.rate(100), 0.002);
  EXPECT_DOUBLE_EQ(schedule.rate(200), 0.001);
  EXPECT_DOUBLE_EQ(schedule.rate(1000), 0.001);
  EXPECT_NEAR(schedule.rate(51) / schedule.rate(50), std::pow(0.25, 1.0 / 200), 1e-12);
}

}  // namespace
}  // namespace wavenet::optim
