// Listener (callbacks): whoever follows a run as it goes: a terminal, a page, a test.
//
//   class Printer : public run::Listener {
//     void progress(const run::Progress& p) override { fmt::print("{} {:.4f}\n", p.step, p.loss); }
//   };
//
// All calls come on the thread that trains, but for working(), which may come from several threads at
// once. What a listener does changes no bit of the run. It must not throw.
#pragma once

#include <cstdint>
#include <string_view>

#include "wavenet/log/records.h"

namespace wavenet::run {

struct Progress {
  std::int64_t step;   // steps done
  std::int64_t steps;  // of the whole run
  double loss;         // the mean since the last window of the log
  double rate;         // of learning, of the last step
};

class Listener {
 public:
  virtual ~Listener() = default;
  // What the log is told: windows, evaluations, layers, samples, verdicts.
  virtual void on(const Record& record) { static_cast<void>(record); }
  // After each step.
  virtual void progress(const Progress& progress) { static_cast<void>(progress); }
  // While work goes on that is no step: "judging val", and the share of it that is done, at last 1.
  virtual void working(std::string_view what, double done) {
    static_cast<void>(what);
    static_cast<void>(done);
  }
  // After an evaluation, when the folder holds all that came of it.
  virtual void evaluated() {}
  // What a user should know, in one line; nothing is the worse for it yet.
  virtual void warning(std::string_view text) { static_cast<void>(text); }
};

}  // namespace wavenet::run
