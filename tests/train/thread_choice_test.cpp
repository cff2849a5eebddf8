#include "wavenet/train/thread_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace wavenet::train {
namespace {

// The threads of each of `steps` steps, one of which takes seconds(threads, step).
std::vector<int> chosen(ThreadChoice& choice, std::int64_t steps,
                        const std::function<double(int, std::int64_t)>& seconds) {
  std::vector<int> threads;
  for (std::int64_t step = 0; step < steps; ++step) {
    threads.push_back(choice.next());
    choice.took(seconds(threads.back(), step));
  }
  return threads;
}

std::int64_t count(const std::vector<int>& threads, int value) {
  return std::count(threads.begin(), threads.end(), value);
}

TEST(ThreadChoice, TakesAllWhereTheyAreFaster) {
  ThreadChoice choice(3);
  const auto threads = chosen(choice, 4 * ThreadChoice::kPeriod,
                              [](int n, std::int64_t) { return n == 1 ? 2.0 : 1.0; });
  EXPECT_EQ(count(threads, 1) + count(threads, 3), std::ssize(threads));
  EXPECT_EQ(count(threads, 1), 4 * ThreadChoice::kTurn * ThreadChoice::kTurns / 2);
  EXPECT_EQ(choice.best(), 3);
}

// Of steps that take twice as long on all threads, one in a hundred is tried.
TEST(ThreadChoice, IsNeverMuchSlowerThanOneThread) {
  ThreadChoice choice(2);
  const auto threads = chosen(choice, 8 * ThreadChoice::kPeriod,
                              [](int n, std::int64_t) { return n == 1 ? 1.0 : 2.0; });
  EXPECT_LE(count(threads, 2), std::ssize(threads) / 100);
  EXPECT_EQ(choice.best(), 1);
}

TEST(ThreadChoice, LooksAgain) {
  ThreadChoice choice(2);
  const auto seconds = [](int n, std::int64_t step) {
    const bool far_apart = step >= ThreadChoice::kPeriod;
    return n == 1 ? 2.0 : far_apart ? 3.0 : 1.0;
  };
  chosen(choice, ThreadChoice::kPeriod, seconds);
  EXPECT_EQ(choice.best(), 2);
  chosen(choice, ThreadChoice::kPeriod,
         [&](int n, std::int64_t step) { return seconds(n, step + ThreadChoice::kPeriod); });
  EXPECT_EQ(choice.best(), 1);
}

// A disturbed step, and the first of each turn, are not what a thread count is judged by.
TEST(ThreadChoice, IsNotMisledByOneSlowStep) {
  ThreadChoice choice(2);
  chosen(choice, 100, [](int n, std::int64_t step) {
    const bool slow = step == 6 || step % ThreadChoice::kTurn == 0;
    return slow ? 50.0 : n == 1 ? 2.0 : 1.0;
  });
  EXPECT_EQ(choice.best(), 2);
}

TEST(ThreadChoice, OfOneThreadHasNoTrials) {
  ThreadChoice choice(1);
  const auto threads = chosen(choice, 3000, [](int, std::int64_t) { return 1.0; });
  EXPECT_EQ(count(threads, 1), 3000);
}

}  // namespace
}  // namespace wavenet::train
