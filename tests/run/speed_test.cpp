// What is measured of a model: how often, of what, and that the counts are those of the data.
#include "wavenet/run/speed.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <thread>

#include "tests/program/made_up.h"
#include "wavenet/models/recipes.h"

namespace wavenet::run {
namespace {

constexpr SpeedOptions kShort{.seconds = 0.02, .threads = {1}};

struct Measured {
  explicit Measured(Config recipe)
      : data(data::open(recipe, data::File::of_bytes("words", program::made_up_words(100)))),
        state(new_state(std::move(recipe), *data, {.seed = 7})) {}

  std::shared_ptr<const data::Dataset> data;
  State state;
};

Measured mlp() { return Measured(models::load_recipe("mlp-3")); }
Measured gated() { return Measured(Config::parse(program::small_wavenet().dump(), "recipe")); }

TEST(Speed, PaceLeavesTheWarmUpOut) {
  int calls = 0;
  const Pace pace = pace_of(0.05, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++calls;
  });
  EXPECT_GE(pace.seconds, 1e-3);
  EXPECT_GE(static_cast<double>(pace.calls) * pace.seconds, 0.05);
  EXPECT_GE(calls - pace.calls, 1);  // a tenth of the time, at most 20 calls
  EXPECT_LE(calls - pace.calls, 20);
}

TEST(Speed, WhatIsSlowIsCalledTwice) {
  int calls = 0;
  const Pace pace = pace_of(1e-9, [&] { ++calls; });
  EXPECT_EQ(pace.calls, 1);
  EXPECT_EQ(calls, 2);
}

// An MLP of three characters: its products are those of hidden layer and head.
TEST(Speed, OfTrainingCountsAWindowsTarget) {
  Measured m = mlp();
  const TrainingSpeed speed = training_speed(m.state, *m.data, kShort);
  EXPECT_EQ(speed.targets, 32);
  EXPECT_EQ(speed.threads, 1);
  EXPECT_EQ(speed.codes_per_second(), 32 / speed.step.seconds);
  const auto characters = static_cast<double>(m.data->codec()->size());
  const double multiply_adds = 30 * 200 + 200 * characters;
  EXPECT_NEAR(speed.gflops, 6 * multiply_adds * 32 / speed.step.seconds / 1e9, 1e-9 * speed.gflops);
}

// A minibatch of whole words has as many targets as they have characters, and an end each.
TEST(Speed, OfTrainingCountsTheTargetsOfWords) {
  Measured m = gated();
  std::size_t shortest = 1000;
  std::size_t longest = 0;
  for (const data::Sequence& word : m.data->sequences("train")) {
    shortest = std::min(shortest, word.size());
    longest = std::max(longest, word.size());
  }
  const TrainingSpeed speed = training_speed(m.state, *m.data, kShort);
  EXPECT_GT(speed.targets, 16 * static_cast<double>(shortest));
  EXPECT_LT(speed.targets, 16 * static_cast<double>(longest));
}

TEST(Speed, OfJudgingCountsAllOfVal) {
  Measured m = gated();
  const JudgingSpeed speed = judging_speed(*m.state.model, *m.data, kShort);
  const std::vector<data::Sequence>& val = m.data->sequences("val");
  EXPECT_EQ(speed.targets, std::accumulate(val.begin(), val.end(), std::int64_t{0},
                                           [](std::int64_t sum, const auto& word) {
                                             return sum + std::ssize(word);
                                           }));
  EXPECT_EQ(speed.codes_per_second(), static_cast<double>(speed.targets) / speed.pass.seconds);
}

TEST(Speed, OfGeneratingIsThatOfAnyModelInEvaluation) {
  for (const auto& made : {mlp, gated}) {
    const Measured m = made();
    m.state.model->eval();
    EXPECT_GT(stream_speed(*m.state.model, kShort).codes_per_second, 10);
    EXPECT_GT(sampling_speed(*m.state.model, 7, kShort), 10);
  }
}

// A tree's layers are computed at every other, fourth, ... place of a window, and once in a stream, where the
// first is a table.
TEST(Speed, OfAStreamCountsEachLayerOnce) {
  Measured m(Config::parse(R"({"model": {"kind": "tree", "block_size": 8, "embedding": 3,
      "hidden": 5}, "data": {"format": "lines"}, "train": {"batch_size": 4, "steps": 1}})",
                           "recipe"));
  const StreamSpeed speed = stream_speed(*m.state.model, kShort);
  const auto characters = static_cast<double>(m.data->codec()->size());
  const double multiply_adds = 2 * (2 * 5 * 5) + 5 * characters;
  EXPECT_NEAR(speed.gflops, 2 * multiply_adds * speed.codes_per_second / 1e9, 1e-9 * speed.gflops);
}

TEST(Speed, PeakMemoryHoldsWhatWasUsedLast) {
  constexpr std::int64_t kBytes = std::int64_t{64} << 20;
  const std::vector<char> used(static_cast<std::size_t>(kBytes), 1);
  EXPECT_GE(peak_memory(), kBytes);
  EXPECT_EQ(used.back(), 1);
}

}  // namespace
}  // namespace wavenet::run
