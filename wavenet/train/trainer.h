// Trainer: minibatch steps, one after the other.
//
//   data::RandomWindows batches(windows, 32, rng, 0);
//   train::Trainer trainer(*model, batches, recipe, {.threads = 2});
//   while (trainer.steps_done() < 200'000) { double loss = trainer.step(); }
//
// Left out: printing, saving (train/checkpoint.h), judging (train/evaluate.h).
#pragma once

#include <memory>
#include <optional>

#include "wavenet/backend/backend.h"
#include "wavenet/comm/communicator.h"
#include "wavenet/data/batch.h"
#include "wavenet/models/model.h"
#include "wavenet/nn/kept_buffers.h"
#include "wavenet/optim/ema.h"
#include "wavenet/optim/optimizer.h"
#include "wavenet/optim/schedule.h"
#include "wavenet/train/thread_choice.h"
#include "wavenet/train/watch.h"

namespace wavenet::train {

// A step's loss or gradient was not finite.
class Diverged : public Error {
 public:
  explicit Diverged(const std::string& text) : Error(ErrorKind::diverged, text) {}
};

struct TrainerOptions {
  std::uint64_t seed = 42;                         // of dropout
  int threads = 1;                                 // at most; changes no bit
  bool choose_threads = false;                     // fewer where that is faster
  std::int64_t steps_done = 0;                     // continues a run
  comm::Communicator* processes = &comm::alone();  // that take each step together
};

class Trainer {
 public:
  // Reads train.optimizer and train.schedule with their keys, train.clip (0: gradients are not
  // clipped), train.ema (0: no average is kept) and train.precision (f32, or bf16: to what the
  // operands of products are rounded, forward and back; parameters and all sums stay f32). What the loss is, smoothed or not, is the
  // model's output's. `model` and `batches` must outlive the trainer.
  Trainer(models::Model& model, const data::BatchSource& batches, const Config& recipe,
          TrainerOptions options = {});

  // One minibatch: its loss before the update. Throws Diverged when the loss is not finite or,
  // where gradients are clipped, their norm is not. Whatever it throws, parameters, running
  // statistics and the optimizer are as they were, and no gradient is left. `watch` sees what
  // layers and parameters do.
  double step(Watch* watch = nullptr);
  std::int64_t steps_done() const { return options_.steps_done; }
  double rate() const { return schedule_.rate(steps_done()); }  // of the next step
  int threads() const { return options_.choose_threads ? choice_.best() : options_.threads; }

  // The average of the parameters, or null.
  optim::Ema* average() { return average_ ? &*average_ : nullptr; }
  // What the next step depends on beyond the model and the batches: "train.adamw.mean.head.weight".
  // Handles: load a saved state by copying into them.
  nn::NamedTensors state() const;

 private:
  double step_on(int threads, Watch* watch);
  void require_finite(double value, const char* what) const;
  double clip_scale() const;
  void undo_pass();
  double forward_and_back(const data::Batch& batch, std::size_t shard, double share,
                          Watch* watch) const;
  double shards_forward_and_back(const std::vector<data::Batch>& mine, std::int64_t first,
                                 int threads, Watch* watch) const;
  void add_gradients_of_all() const;

  models::Model& model_;
  const data::BatchSource& batches_;
  TrainerOptions options_;
  ThreadChoice choice_;
  optim::Schedule schedule_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  Precision precision_;
  double clip_;
  double decay_;             // of the average; 0: none
  nn::KeptBuffers buffers_;  // as they were before the step
  std::optional<optim::Ema> average_;
};

}  // namespace wavenet::train
