// Observer: what a training run shows as it goes, to its log, its report and the user: losses,
// layers at watched steps, samples, verdicts.
//
//   Observer observer(run, corpus, marks, stop, log, options);
//   std::optional<train::Watch> watch = observer.watch();   // at few steps
//   double loss = trainer.step(watch ? &*watch : nullptr);
//   if (watch) { observer.watched(*watch); }
//   observer.window(1000, mean, rate);
//   observer.evaluation(loss);   // while the model has the parameters that were judged
//   observer.judge(false);
//
// Nothing of it changes a bit of the run. Left out: deciding what to do about a verdict.
#pragma once

#include <optional>
#include <set>

#include "cli/judge.h"
#include "cli/run_files.h"
#include "wavenet/base/stop.h"
#include "wavenet/run/run_log.h"
#include "wavenet/train/verdict.h"

namespace cli {

struct ObserverOptions {
  std::filesystem::path folder;
  std::int64_t steps;    // of the whole run
  bool keeps_best;       // the model that is kept is the best on val
  bool reported = true;  // false: no report, and no look at layers and samples for it
};

class Observer {
 public:
  // Recalls what the log of a run that goes on has told. As long as there is no log nothing is
  // written.
  Observer(const Run& run, const wavenet::data::Corpus& corpus, const wavenet::Marks& marks,
           const wavenet::Stop& stop, std::optional<wavenet::run::RunLog>& log,
           ObserverOptions options);

  // What is to look at the next step, if anything is.
  std::optional<wavenet::train::Watch> watch() const;
  void watched(const wavenet::train::Watch& watch);
  // The mean loss of the steps since the window before, after `step` steps.
  void window(std::int64_t step, double loss, double rate);
  // On val, after the steps that the run has done. Throws Stopped before it tells anything.
  void evaluation(double loss);
  // Tells each verdict once, and writes the report. `ended`: the run takes no more steps.
  void judge(bool ended);
  // The same after a step whose loss was not finite, which ends the run.
  void judge_diverged();
  // All that were told.
  const std::vector<wavenet::Verdict>& verdicts() const { return told_; }

 private:
  // To the log, and to what verdicts are drawn from.
  void tell(const wavenet::Record& record);
  void tell_verdicts(bool ended);
  void recall();
  wavenet::SampleRecord samples() const;
  void write_report(bool running);

  const Run& run_;
  const wavenet::data::Corpus& corpus_;
  const wavenet::Stop& stop_;
  std::optional<wavenet::run::RunLog>& log_;
  ObserverOptions options_;
  wavenet::train::Verdicts verdicts_;
  std::vector<wavenet::Verdict> told_;
  bool page_failed_ = false;
  std::set<wavenet::data::Sequence>
      known_;  // the words of train, without the marker that ends them
};

}  // namespace cli
