// Schedule: the learning rate as a function of the step, counted from 0 and absolute.
//
//   const optim::Schedule schedule(recipe);
//   optimizer.step(schedule.rate(step));
//
//   constant   train.learning_rate
//   step       that, then train.final_learning_rate from step train.drop_at on
//   cosine     falls to train.final_learning_rate (0) at train.steps along half a cosine
//              (Loshchilov and Hutter 2017, equation 5)
//   exponential  falls to train.final_learning_rate at train.steps, by the same factor each step
//
// Each may warm up: over the first train.warmup steps the rate grows evenly from nearly nothing.
// Left out: restarts, and fitting a recipe's schedule to a run of other length: misfits() tells.
#pragma once

#include "wavenet/base/config.h"

namespace wavenet::optim {

// A key of the recipe that does not go with the length of the run.
struct Misfit {
  std::string what;
  std::string instead;  // "train.warmup=30"
  bool grave;           // the rate is hardly ever what the recipe means it to be
};

class Schedule {
 public:
  // Reads train.schedule and the keys above. Throws UsageError.
  explicit Schedule(const Config& recipe);
  double rate(std::int64_t step) const;
  // Of a run of `steps` steps: a warm-up that takes more than half of it, a drop that it does not
  // come to.
  std::vector<Misfit> misfits(std::int64_t steps) const;

 private:
  enum class Kind : std::uint8_t { constant, step, cosine, exponential };
  Kind kind_ = Kind::constant;
  double first_;
  double final_ = 0;
  std::int64_t warmup_;
  std::int64_t drop_at_ = 0;  // of `step`
  std::int64_t steps_ = 0;    // of `cosine` and `exponential`
};

}  // namespace wavenet::optim
