// Observer: what a training run tells as it goes, to its log and its listener: losses, layers at
// watched steps, samples, verdicts.
//
//   Observer observer(state, *data, marks, options, listener, stop, log);
//   std::optional<train::Watch> watch = observer.watch();   // at few steps
//   double loss = trainer.step(watch ? &*watch : nullptr);
//   if (watch) { observer.watched(*watch); }
//   observer.tell(WindowRecord{1000, mean, rate});
//   observer.evaluation(loss);   // while the model has the parameters that were judged
//   observer.judge(false);
//
// Nothing of it changes a bit of the run. Left out: deciding what to do about a verdict.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "wavenet/base/stop.h"
#include "wavenet/data/dataset.h"
#include "wavenet/run/listener.h"
#include "wavenet/run/open.h"
#include "wavenet/run/run_log.h"
#include "wavenet/train/verdict.h"
#include "wavenet/train/watch.h"

namespace wavenet::run {

struct ObserverOptions {
  std::filesystem::path folder;  // whose log a run that goes on recalls; empty: none
  std::int64_t steps;            // of the whole run
  bool keeps_best;               // the model that is kept is the best on val
  bool looks = true;             // at layers; and samples are drawn at evaluations
};

class Observer {
 public:
  // Recalls what the log of a run that goes on has told. As long as there is no log nothing is
  // written.
  Observer(const State& state, const data::Dataset& data, const Marks& marks,
           ObserverOptions options, Listener& listener, const Stop& stop,
           std::optional<RunLog>& log);

  // What is to look at the next step, if anything is.
  std::optional<train::Watch> watch() const;
  void watched(const train::Watch& watch);
  // To the log, to the listener, and to what verdicts are drawn from.
  void tell(const Record& record);
  // On val, after the steps that the run has done. Throws Stopped before it tells anything.
  void evaluation(double loss);
  // Tells each verdict once. `ended`: the run takes no more steps.
  void judge(bool ended);
  // The same after a step whose loss was not finite, which ends the run.
  void judge_diverged();
  // All that were told.
  const std::vector<Verdict>& verdicts() const { return told_; }

 private:
  void recall();
  std::vector<Record> samples() const;
  SampleRecord words() const;
  std::vector<Record> sounds(std::int64_t rate) const;

  const State& state_;
  const data::Dataset& data_;
  ObserverOptions options_;
  Listener& listener_;
  const Stop& stop_;
  std::optional<RunLog>& log_;
  train::Verdicts verdicts_;
  std::vector<Verdict> told_;
  std::function<bool(const data::Sequence&)> in_train_;  // empty where nobody asks
};

}  // namespace wavenet::run
