// Results: what the program prints at the end of a training run: losses of the model that its folder
// holds, which is not always the last one trained, marks beside them, and samples.
//
//   print(run, run.conclude(follower, stop), effort, stop);   // or print_json
//
// Left out: verdicts as they arise, which the follower tells.
#pragma once

#include "wavenet/run/run.h"

namespace cli {

// What the program did to get there, since it was started.
struct Effort {
  std::int64_t steps;
  double seconds;
};

// Losses, marks and samples, or one JSON object, on standard output.
// Throws Stopped between two samples.
void print(wavenet::run::Run& run, const wavenet::run::Conclusion& end, const Effort& effort,
           const wavenet::Stop& stop);
void print_json(wavenet::run::Run& run, const wavenet::run::Conclusion& end, const Effort& effort);
// What a run that broke off ends with.
void print_json(const wavenet::run::Failed& failed);

}  // namespace cli
