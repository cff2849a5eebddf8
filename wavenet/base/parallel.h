// parallel_for: independent jobs on several threads.
//
//   parallel_for(jobs, threads, [&](std::int64_t i) { results[i] = work(i); });
//
// Jobs are handed out in order; write results by job and combine them afterwards, so that the bits
// do not depend on the thread count. The first exception is thrown on. Left out: a standing pool.
#pragma once

#include <cstdint>
#include <functional>

namespace wavenet {

void parallel_for(std::int64_t jobs, int threads, const std::function<void(std::int64_t)>& job);

}  // namespace wavenet
