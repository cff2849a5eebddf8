// Loop: the steps of a run: minibatches, the log, evaluations, files. Only run.cpp uses it.
#pragma once

#include "wavenet/run/observer.h"
#include "wavenet/run/parts.h"

namespace wavenet::run {

class Loop {
 public:
  Loop(Parts& parts, Listener& listener, const Stop& stop);

  // To the end, until patience ends, or until it is asked to stop. Throws Failed.
  Outcome run();

 private:
  Outcome run_steps();
  // These throw Stopped between two pieces of their work.
  void step();
  // Judges, saves, and tells what there is to tell.
  void evaluate();
  // The loss on val, of the averaged parameters where there is an average; logs it and saves.
  void evaluate_and_save();
  void judge_and_keep();
  Failed failed(const std::exception& error, const std::filesystem::path& rescued) const;
  // Keeps count of the best evaluation, where the recipe asks for it.
  void note(double loss);
  bool evaluation_is_due() const;
  bool patience_ended() const;

  Parts& parts_;
  train::Checkpoint& saved_;
  Steps& steps_;
  Listener& listener_;
  const Stop& stop_;
  Observer observer_;
};

}  // namespace wavenet::run
