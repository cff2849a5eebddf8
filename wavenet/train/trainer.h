// Trainer: minibatch steps on windows, and the loss of a whole split.
//
//   train::Trainer trainer(*model, train_windows, rng, recipe);
//   while (trainer.steps_done() < 200'000) { double loss = trainer.step(); }
//   double val = train::mean_loss(*model, val_windows, /*threads=*/2);
//
// Left out: printing, saving (train/checkpoint.h), more than one process.
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/data/windows.h"
#include "wavenet/optim/sgd.h"

namespace wavenet::train {

class Trainer {
 public:
  // Reads "train.batch_size", "train.optimizer" and the schedule's keys. `model`, `windows` and
  // `rng` must outlive the trainer. `steps_done` continues a run.
  Trainer(nn::Module& model, const data::Windows& windows, Rng& rng, const Config& recipe,
          std::int64_t steps_done = 0);

  // One minibatch: its loss before the update. Throws Error, leaving the parameters as they were,
  // when the loss is not finite.
  double step();
  std::int64_t steps_done() const { return steps_done_; }
  double rate() const { return schedule_.rate(steps_done_); }  // of the next step

 private:
  nn::Module& model_;
  const data::Windows& windows_;
  Rng& rng_;
  std::int64_t batch_size_;
  optim::Schedule schedule_;
  optim::Sgd optimizer_;
  std::int64_t steps_done_;
};

// Mean cross entropy over all windows in nats, in evaluation mode (the mode is put back after). The
// windows are cut into fixed shards, so the bits do not depend on `threads`.
double mean_loss(nn::Module& model, const data::Windows& windows, int threads = 1);

}  // namespace wavenet::train
