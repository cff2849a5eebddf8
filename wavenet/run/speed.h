// How fast a model trains, is judged and generates on this machine, each measured alone.
//
//   run::State state = run::open("runs/a");
//   const SpeedOptions how{.seconds = 2, .threads = {2}};
//   const TrainingSpeed speed = training_speed(state, *data, how);
//   1 / speed.step.seconds                    // 1530 steps a second
//   sampling_speed(*state.model, 42, how)     // 1.2e6 codes a second
//
// Each takes about as many seconds as are asked for, and at most a tenth more to warm up. Nothing
// else should run meanwhile. Left out: what the machine can do at best (backend/cpu/peak.h).
#pragma once

#include <functional>

#include "wavenet/data/dataset.h"
#include "wavenet/run/open.h"
#include "wavenet/run/run.h"

namespace wavenet::run {

struct SpeedOptions {
  double seconds = 2;
  Threads threads{};  // of training and judging; what generates is on one
};

struct Pace {
  double seconds;  // of one call, on average
  std::int64_t calls;
};

// Calls `work` for about so many seconds, after warming up for a tenth of them, or 20 calls.
Pace pace_of(double seconds, const std::function<void()>& work);

struct TrainingSpeed {
  Pace step;
  double targets;  // codes to predict in a minibatch, on average
  double gflops;   // 10^9 operations a second, in products of matrices
  int threads;     // as chosen last
  double codes_per_second() const { return targets / step.seconds; }
};

struct JudgingSpeed {
  Pace pass;  // over all of val
  std::int64_t targets;
  double codes_per_second() const { return static_cast<double>(targets) / pass.seconds; }
};

struct StreamSpeed {
  double codes_per_second;
  double gflops;  // each layer once a code, the first by a table
};

// The model is trained by it. Throws UsageError for a model that cannot be trained.
TrainingSpeed training_speed(State& state, const data::Dataset& data, const SpeedOptions& how);
// The model is in evaluation mode after it.
JudgingSpeed judging_speed(models::Model& model, const data::Dataset& data,
                           const SpeedOptions& how);
// One stream on one core: a draw, a push, and so on.
StreamSpeed stream_speed(const models::Model& model, const SpeedOptions& how);
// Codes a second of words of up to 1000 codes, made side by side, the codes that end them counted.
double sampling_speed(const models::Model& model, std::uint64_t seed, const SpeedOptions& how);

// Bytes, the most that this process has had in memory so far.
std::int64_t peak_memory();

}  // namespace wavenet::run
