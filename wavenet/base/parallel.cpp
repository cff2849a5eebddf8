#include "wavenet/base/parallel.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace wavenet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kSpin = std::chrono::microseconds(50);
constexpr std::size_t kCacheLine = 64;

// Waits while `word` holds `value`: spins for kSpin, then sleeps until notified.
template <class T>
void wait_while(const std::atomic<T>& word, T value) {
  constexpr int kLook = 64;  // pauses between two looks at the clock
  Clock::time_point start;
  for (int i = 1; word.load(std::memory_order_acquire) == value; ++i) {
    hwy::Pause();  // leaves the core to a thread that shares it
    if (i == kLook) {
      start = Clock::now();
    } else if (i % kLook == 0 && Clock::now() - start > kSpin) {
      return word.wait(value, std::memory_order_acquire);
    }
  }
}

// A thread's share of the jobs; others may take from it too.
struct alignas(kCacheLine) Share {
  std::atomic<std::int64_t> next = 0;
  std::int64_t end = 0;
};

struct Setting {
  const void* (*get)();
  void (*set)(const void*);
};
struct AllSettings {
  std::array<Setting, Inherited::kMost> settings{};
  int count = 0;
};
AllSettings& all_settings() {
  static AllSettings all;
  return all;
}

// What a thread has set at one moment.
class Settings {
 public:
  Settings() {
    const AllSettings& all = all_settings();
    for (int i = 0; i < all.count; ++i) {
      values_[static_cast<std::size_t>(i)] = all.settings[static_cast<std::size_t>(i)].get();
    }
  }
  void take_over() const {
    const AllSettings& all = all_settings();
    for (int i = 0; i < all.count; ++i) {
      all.settings[static_cast<std::size_t>(i)].set(values_[static_cast<std::size_t>(i)]);
    }
  }

 private:
  std::array<const void*, Inherited::kMost> values_{};
};

// One parallel_for: its jobs, shared out among `threads`, and the first failure.
struct Work {
  const Job job;
  Share* const shares;
  const int threads;
  const Settings settings{};  // of the calling thread
  std::exception_ptr failure = nullptr;
  std::mutex mutex;

  Work(Job each, std::int64_t jobs, Share* room, int count)
      : job(each), shares(room), threads(count) {
    for (int i = 0; i < threads; ++i) {
      shares[i].next.store(jobs * i / threads, std::memory_order_relaxed);
      shares[i].end = jobs * (i + 1) / threads;
    }
  }

  void run(int self) {
    try {
      for (int other = 0; other < threads; ++other) {
        Share& share = shares[(self + other) % threads];
        for (std::int64_t i = share.next++; i < share.end; i = share.next++) {
          job(i);
        }
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = failure ? failure : std::current_exception();
      for (int i = 0; i < threads; ++i) {
        shares[i].next = shares[i].end;
      }
    }
  }
};

// A call opens the door, works, and closes it; helpers that came in meanwhile are waited for, one
// that comes too late is not.
class Pool {
 public:
  ~Pool() {
    stopping_ = true;
    call();
    for (std::thread& helper : helpers_) {
      helper.join();
    }
  }

  // Does the jobs on this thread and up to threads - 1 others, fewer when the system gives no more.
  // False, with nothing done, when the pool is busy.
  bool run(std::int64_t jobs, int threads, Job job, std::exception_ptr& failure) {
    const std::unique_lock use(use_, std::try_to_lock);
    if (!use.owns_lock()) {
      return false;
    }
    grow(threads - 1);
    const int count = std::min(threads, static_cast<int>(helpers_.size()) + 1);
    Work work(job, jobs, shares_.data(), count);
    work_ = &work;
    door_.store(kOpen, std::memory_order_release);
    call();
    work.run(0);
    std::uint32_t inside = door_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    for (; inside > 0; inside = door_.load(std::memory_order_acquire)) {
      wait_while(door_, inside);
    }
    failure = work.failure;
    return true;
  }

 private:
  static constexpr std::uint32_t kOpen = 1U << 31U;

  void call() {
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }

  void grow(int helpers) {
    if (static_cast<int>(helpers_.size()) >= helpers) {
      return;
    }
    shares_ = std::vector<Share>(static_cast<std::size_t>(helpers) + 1);
    try {
      while (static_cast<int>(helpers_.size()) < helpers) {
        helpers_.emplace_back([this, self = static_cast<int>(helpers_.size()) + 1,
                               seen = round_.load()] { help(self, seen); });
      }
    } catch (const std::system_error&) {  // fewer do the same work
    }
  }

  void help(int self, std::uint32_t seen) {
    while (true) {
      wait_while(round_, seen);
      seen = round_.load(std::memory_order_acquire);
      if (stopping_) {
        return;
      }
      std::uint32_t door = door_.load(std::memory_order_acquire);
      while ((door & kOpen) != 0) {
        if (door_.compare_exchange_weak(door, door + 1, std::memory_order_acq_rel)) {
          if (self < work_->threads) {
            work_->settings.take_over();
            work_->run(self);
          }
          door_.fetch_sub(1, std::memory_order_release);
          door_.notify_one();
          break;
        }
      }
    }
  }

  std::mutex use_;  // held by the call that the pool works for
  std::vector<std::thread> helpers_;
  std::vector<Share> shares_;
  Work* work_ = nullptr;  // to be read behind the door
  std::atomic<bool> stopping_ = false;
  alignas(kCacheLine) std::atomic<std::uint32_t> round_ = 0;  // grows with each call
  alignas(kCacheLine) std::atomic<std::uint32_t> door_ = 0;   // whether it is open, and how many
                                                              // helpers are inside
};

thread_local bool inside = false;  // a job of this thread
thread_local int threads_of_kernels = 1;

class Inside {
 public:
  Inside() : before_(inside) { inside = true; }
  ~Inside() { inside = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool before_;
};

}  // namespace

Inherited::Inherited(const void* (*get)(), void (*set)(const void*)) {
  AllSettings& all = all_settings();
  if (all.count == kMost) {
    std::abort();  // before main() begins; a test would not start
  }
  all.settings[static_cast<std::size_t>(all.count++)] = {get, set};
}

UseThreads::UseThreads(int threads) : before_(threads_of_kernels) {
  threads_of_kernels = std::max(1, threads);
}
UseThreads::~UseThreads() { threads_of_kernels = before_; }

int kernel_threads() { return inside ? 1 : threads_of_kernels; }

void parallel_for(std::int64_t jobs, int threads, Job job) {
  static Pool pool;
  std::exception_ptr failure;
  const auto useful = static_cast<int>(std::min<std::int64_t>(threads, jobs));
  const bool alone = useful < 2 || inside;
  {
    const Inside guard;
    if (alone || !pool.run(jobs, useful, job, failure)) {
      for (std::int64_t i = 0; i < jobs; ++i) {
        job(i);
      }
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace wavenet
