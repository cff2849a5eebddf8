#include "wavenet/base/parallel.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace wavenet {
namespace {

using Counts = std::vector<int>;

// How often each job ran.
Counts counts_of(std::int64_t jobs, int threads) {
  std::vector<std::atomic<int>> times(static_cast<std::size_t>(jobs));
  parallel_for(jobs, threads, [&](std::int64_t i) { ++times[static_cast<std::size_t>(i)]; });
  return {times.begin(), times.end()};
}

Counts once(std::int64_t jobs) { return Counts(static_cast<std::size_t>(jobs), 1); }

// True when all of `jobs` jobs were under way at one moment.
bool all_meet(int jobs, int threads) {
  std::atomic<int> arrived = 0;
  std::atomic<bool> met = false;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  parallel_for(jobs, threads, [&](std::int64_t) {
    ++arrived;
    while (!met && std::chrono::steady_clock::now() < deadline) {
      if (arrived == jobs) {
        met = true;
      }
      std::this_thread::yield();
    }
  });
  return met;
}

TEST(ParallelFor, DoesEachJobOnce) {
  for (const std::int64_t jobs : {0, 1, 2, 3, 7, 100}) {
    for (const int threads : {-1, 0, 1, 2, 3, 7}) {
      EXPECT_EQ(counts_of(jobs, threads), once(jobs)) << jobs << " jobs, " << threads << " threads";
    }
  }
}

TEST(ParallelFor, DoesJobsAtTheSameTime) {
  EXPECT_TRUE(all_meet(2, 2));
  EXPECT_TRUE(all_meet(5, 5));
  EXPECT_TRUE(all_meet(3, 9));
}

TEST(ParallelFor, OfOneThreadGoesInOrderOnTheCallersThread) {
  std::vector<std::int64_t> order;
  parallel_for(5, 1, [&](std::int64_t i) { order.push_back(i); });
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  const auto caller = std::this_thread::get_id();
  parallel_for(5, 1, [&](std::int64_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
}

std::string failure_of(int threads, const std::function<void(std::int64_t)>& job) {
  try {
    parallel_for(50, threads, job);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

TEST(ParallelFor, PassesAnExceptionOn) {
  for (const int threads : {1, 2, 4}) {
    EXPECT_EQ(failure_of(threads,
                         [](std::int64_t i) {
                           if (i == 7) {
                             throw std::runtime_error("job 7");
                           }
                         }),
              "job 7");
    EXPECT_EQ(counts_of(20, threads), once(20)) << "after a failure";
  }
  EXPECT_TRUE(all_meet(3, 3)) << "after a failure";
}

TEST(ParallelFor, StartsNoJobAfterAFailure) {
  int started = 0;
  EXPECT_EQ(failure_of(1,
                       [&](std::int64_t i) {
                         ++started;
                         throw std::runtime_error("job " + std::to_string(i));
                       }),
            "job 0");
  EXPECT_EQ(started, 1);
}

// One thread fails; what the other has begun it ends, and begins little more.
TEST(ParallelFor, StopsOtherThreadsAfterAFailure) {
  constexpr int kJobs = 1000;
  std::atomic<int> started = 0;
  EXPECT_THROW(parallel_for(kJobs, 2,
                            [&](std::int64_t i) {
                              if (i == 0) {
                                while (started == 0) {
                                  std::this_thread::yield();
                                }
                                throw std::runtime_error("job 0");
                              }
                              ++started;
                              std::this_thread::sleep_for(std::chrono::milliseconds(1));
                            }),
               std::runtime_error);
  EXPECT_LT(started, kJobs / 2);
}

TEST(ParallelFor, WaitsForAllJobsBeforeItThrows) {
  std::atomic<int> under_way = 0;
  const std::string failure = failure_of(3, [&](std::int64_t i) {
    ++under_way;
    std::this_thread::sleep_for(std::chrono::milliseconds(i == 0 ? 0 : 20));
    --under_way;
    if (i == 0) {
      throw std::runtime_error("early");
    }
  });
  EXPECT_EQ(failure, "early");
  EXPECT_EQ(under_way, 0);
}

thread_local const char* setting = nullptr;
const Inherited inherited([]() -> const void* { return setting; },
                          [](const void* of) { setting = static_cast<const char*>(of); });

// Each job waits for the other, so that both threads have one.
TEST(ParallelFor, HelpersTakeSettingsOver) {
  for (const char* mine : {"a", static_cast<const char*>(nullptr), "b"}) {
    setting = mine;
    std::atomic<int> arrived = 0;
    std::array<const char*, 2> seen{"none", "none"};
    parallel_for(2, 2, [&](std::int64_t i) {
      seen[static_cast<std::size_t>(i)] = setting;
      ++arrived;
      while (arrived < 2) {
        std::this_thread::yield();
      }
    });
    EXPECT_EQ(seen[0], mine);
    EXPECT_EQ(seen[1], mine);
  }
  setting = nullptr;
}

TEST(ParallelFor, InsideAJobStaysOnItsThread) {
  for (const int threads : {1, 3}) {
    std::vector<Counts> counts(6);
    std::atomic<int> elsewhere = 0;
    parallel_for(6, threads, [&](std::int64_t i) {
      Counts mine(10);
      const auto here = std::this_thread::get_id();
      parallel_for(10, 4, [&](std::int64_t j) {
        ++mine[static_cast<std::size_t>(j)];
        elsewhere += std::this_thread::get_id() == here ? 0 : 1;
      });
      counts[static_cast<std::size_t>(i)] = mine;
    });
    EXPECT_EQ(counts, std::vector<Counts>(6, once(10)));
    EXPECT_EQ(elsewhere, 0);
  }
}

TEST(ParallelFor, PassesAnExceptionOnFromInsideAJob) {
  EXPECT_EQ(failure_of(3,
                       [](std::int64_t i) {
                         parallel_for(4, 2, [i](std::int64_t j) {
                           if (i == 3 && j == 2) {
                             throw std::runtime_error("inner");
                           }
                         });
                       }),
            "inner");
  EXPECT_TRUE(all_meet(3, 3));
}

TEST(ParallelFor, ServesSeveralCallersAtOnce) {
  constexpr int kCallers = 4;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&wrong, caller] {
      for (int round = 0; round < 300; ++round) {
        const std::int64_t jobs = 1 + (round + caller) % 9;
        wrong += counts_of(jobs, 1 + caller) == once(jobs) ? 0 : 1;
      }
    });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(wrong, 0);
}

// What a job writes is seen by the caller without a lock, and by the next round's jobs.
TEST(ParallelFor, ServesManyShortRounds) {
  std::vector<std::int64_t> values(8, 0);
  for (std::int64_t round = 0; round < 3'000; ++round) {
    const int threads = 2 + static_cast<int>(round % 3);
    parallel_for(8, threads, [&](std::int64_t i) {
      values[static_cast<std::size_t>(i)] += values[static_cast<std::size_t>(i)] == round ? 1 : 0;
    });
    ASSERT_EQ(values, std::vector<std::int64_t>(8, round + 1));
  }
}

TEST(ParallelFor, WakesHelpersThatWentToSleep) {
  for (int round = 0; round < 50; ++round) {
    std::this_thread::sleep_for(std::chrono::microseconds(20 * round));
    ASSERT_EQ(counts_of(6, 3), once(6)) << "round " << round;
  }
  EXPECT_TRUE(all_meet(3, 3));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

// Leaves this process room for the stacks of two or three more threads.
void leave_little_memory() {
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  file >> pages;
  const rlim_t room = pages * 4096 + (rlim_t{20} << 20);
  const rlimit limit{room, room};
  setrlimit(RLIMIT_AS, &limit);
}

TEST(ParallelForDeathTest, MakesDoWithFewerThreadsThanAsked) {
  if (kSanitized) {
    GTEST_SKIP() << "sanitizers need the memory that this test takes away";
  }
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        leave_little_memory();
        const bool whole = counts_of(200, 64) == once(200) && counts_of(200, 64) == once(200);
        std::exit(whole ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace wavenet
