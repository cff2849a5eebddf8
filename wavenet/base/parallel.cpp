#include "wavenet/base/parallel.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace wavenet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kSpin = std::chrono::microseconds(50);

// Waits for `holds` by spinning; gives up after kSpin.
template <class Holds>
bool spin_until(const Holds& holds) {
  const auto start = Clock::now();
  for (int i = 1; !holds(); ++i) {
    hwy::Pause();  // leaves the core to a thread that shares it
    if (i % 64 == 0 && Clock::now() - start > kSpin) {
      return false;
    }
  }
  return true;
}

// One parallel_for: its jobs, and the first failure.
struct Work {
  Work(std::int64_t count, const std::function<void(std::int64_t)>& each)
      : jobs(count), job(each) {}
  std::int64_t jobs;
  const std::function<void(std::int64_t)>& job;
  std::atomic<std::int64_t> next = 0;
  std::exception_ptr failure = nullptr;
  std::mutex mutex;

  void run() {
    try {
      for (std::int64_t i = next++; i < jobs; i = next++) {
        job(i);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = failure ? failure : std::current_exception();
      next = jobs;
    }
  }
};

class Pool {
 public:
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      ++round_;
    }
    wake_.notify_all();
    for (std::thread& helper : helpers_) {
      helper.join();
    }
  }

  // Runs `work` on this thread and up to `helpers` others, fewer when the system gives no more.
  // False, with nothing done, when the pool is busy.
  bool run(Work& work, int helpers) {
    const std::unique_lock use(use_, std::try_to_lock);
    if (!use.owns_lock()) {
      return false;
    }
    {
      const std::lock_guard lock(mutex_);
      work_ = &work;
      wanted_ = std::min(helpers, grown_to(helpers));
      ++round_;
    }
    wake_.notify_all();
    work.run();
    {
      const std::lock_guard lock(mutex_);
      work_ = nullptr;  // a helper that comes now finds nothing to do, and nobody waits for it
    }
    const auto finished = [this] { return busy_ == 0; };
    if (!spin_until(finished)) {
      std::unique_lock lock(mutex_);
      done_.wait(lock, finished);
    }
    return true;
  }

 private:
  // How many helpers there are after starting what lacks of `wanted`.
  int grown_to(int wanted) {
    try {
      while (static_cast<int>(helpers_.size()) < wanted) {
        helpers_.emplace_back([this, index = static_cast<int>(helpers_.size()),
                               seen = round_.load()] { help(index, seen); });
      }
    } catch (const std::system_error&) {  // fewer do the same work
    }
    return static_cast<int>(helpers_.size());
  }

  void help(int index, std::uint64_t seen) {
    while (true) {
      const auto called = [&] { return round_ != seen; };
      spin_until(called);
      Work* work = nullptr;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, called);
        seen = round_;
        if (stopping_) {
          return;
        }
        work = index < wanted_ ? work_ : nullptr;
        busy_ += work != nullptr ? 1 : 0;
      }
      if (work != nullptr) {
        work->run();
        const std::lock_guard lock(mutex_);
        if (--busy_ == 0) {
          done_.notify_one();
        }
      }
    }
  }

  std::mutex use_;  // held by the call that the pool works for
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::vector<std::thread> helpers_;
  std::atomic<std::uint64_t> round_ = 0;
  std::atomic<int> busy_ = 0;  // helpers at work
  Work* work_ = nullptr;
  int wanted_ = 0;
  bool stopping_ = false;
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

UseThreads::UseThreads(int threads) : before_(threads_of_kernels) {
  threads_of_kernels = std::max(1, threads);
}
UseThreads::~UseThreads() { threads_of_kernels = before_; }

int kernel_threads() { return inside ? 1 : threads_of_kernels; }

void parallel_for(std::int64_t jobs, int threads, const std::function<void(std::int64_t)>& job) {
  static Pool pool;
  Work work(jobs, job);
  const auto helpers = static_cast<int>(std::min<std::int64_t>(threads, jobs)) - 1;
  const bool alone = helpers < 1 || inside;
  {
    const Inside guard;
    if (alone || !pool.run(work, helpers)) {
      work.run();
    }
  }
  if (work.failure) {
    std::rethrow_exception(work.failure);
  }
}

}  // namespace wavenet
