// parallel_for: independent jobs on several threads.
//
//   parallel_for(jobs, threads, [&](std::int64_t i) { results[i] = work(i); });
//   const UseThreads use(2);   // kernels may do the same
//
// Jobs are handed out in order; write results by job and combine them afterwards, so that the bits
// do not depend on the thread count. The first exception is thrown on. Helper threads are kept from
// call to call: they spin for a moment, as the next training step comes soon, then sleep. A call
// from inside a job, or while another thread's call runs, does its jobs on the calling thread
// alone.
#pragma once

#include <cstdint>
#include <functional>

namespace wavenet {

void parallel_for(std::int64_t jobs, int threads, const std::function<void(std::int64_t)>& job);

// For its lifetime, large kernels that this thread calls share their work among `threads`.
class UseThreads {
 public:
  explicit UseThreads(int threads);
  ~UseThreads();
  UseThreads(const UseThreads&) = delete;
  UseThreads& operator=(const UseThreads&) = delete;

 private:
  int before_;
};
// 1 where no UseThreads lives, and inside a job.
int kernel_threads();

}  // namespace wavenet
