// parallel_for (a thread pool): independent jobs on several threads.
//
//   parallel_for(jobs, threads, [&](std::int64_t i) { results[i] = work(i); });
//   const UseThreads use(2);   // kernels may do the same
//
// Each thread takes the same share of the jobs in every call, so that what it wrote is still in its
// cache, then helps with what is left of the others'. Write results by job and combine them
// afterwards, so that the bits do not depend on the thread count. The first exception is thrown on.
// Helper threads are kept from call to call: they spin for a moment, as the next training step
// comes soon, then sleep. A call from inside a job, or while another thread's call runs, does its
// jobs on the calling thread alone.
//
// What a thread has set for itself (Inherited: the backend, whether ops are recorded) holds in the
// helpers too while they work for it. What belongs to one pass of one thread (DropoutSeed, Trace,
// CollectGradients) does not, nor does the memory its kernels use (Workspace).
#pragma once

#include <cstdint>
#include <memory>

namespace wavenet {

// A callable that is called where it stands: nothing is copied or allocated.
class Job {
 public:
  template <class Callable>
  explicit Job(const Callable& callable)
      : callable_(std::addressof(callable)),
        call_([](const void* at, std::int64_t i) { (*static_cast<const Callable*>(at))(i); }) {}
  void operator()(std::int64_t i) const { call_(callable_, i); }

 private:
  const void* callable_;
  void (*call_)(const void*, std::int64_t);
};

// A setting of a thread, which helpers take over from the thread that they work for. Objects of static
// storage, at most kMost of them; `get` and `set` read and write the setting of the thread that calls
// them.
class Inherited {
 public:
  static constexpr int kMost = 8;
  Inherited(const void* (*get)(), void (*set)(const void*));
};

void parallel_for(std::int64_t jobs, int threads, Job job);
template <class Callable>
void parallel_for(std::int64_t jobs, int threads, const Callable& job) {
  parallel_for(jobs, threads, Job(job));
}

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
