// parallel_for: independent jobs on several threads.
//
//   parallel_for(jobs, threads, [&](std::int64_t i) { results[i] = work(i); });
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

}  // namespace wavenet
