// Results: what a training run ends with: losses of the model that its folder holds, which is not
// always the last one trained, marks beside them, and samples.
//
//   const Results results = results_of(start, marks, log, threads, stop);
//   print(results, {.steps = 200'000, .seconds = 55.8}, stop);   // or print_json
//
// What takes long throws Stopped where it is asked to stop.
//
// Left out: verdicts as they arise, which the observer tells.
#pragma once

#include "cli/judge.h"
#include "cli/open.h"
#include "cli/start.h"
#include "cli/training.h"
#include "wavenet/base/stop.h"
#include "wavenet/run/run_log.h"

namespace cli {

struct Results {
  OpenModel opened;
  std::string path;  // of the model's file
  double train;      // nats per character
  double val;
  wavenet::Marks marks;                    // on val
  std::optional<Leak> leak;                // of val
  std::vector<wavenet::Verdict> verdicts;  // of the whole run
  bool words;                              // no running text
  std::int64_t sample_length;              // at most
};

// Judges the model of the run's folder, and logs the losses that stand in no log yet.
Results results_of(const Start& start, const wavenet::Marks& marks, wavenet::run::RunLog& log,
                   int threads, const wavenet::Stop& stop);

// What the program did to get there, since it was started.
struct Effort {
  std::int64_t steps;
  double seconds;
};

// Losses, marks and samples, or one JSON object, on standard output.
void print(const Results& results, const Effort& effort, const wavenet::Stop& stop);
void print_json(const Results& results, const Effort& effort);
// What a run that broke off ends with.
void print_json(const Failed& failed);

}  // namespace cli
