// Sgd: stochastic gradient descent; and the learning rate as a function of the step.
//
//   optim::Sgd optimizer(model.parameters());
//   backward(loss);
//   optimizer.step(schedule.rate(step));   // p -= rate * gradient, then forgets the gradients
//
// Left out: momentum and weight decay.
#pragma once

#include "wavenet/base/config.h"
#include "wavenet/nn/module.h"

namespace wavenet::optim {

class Sgd {
 public:
  explicit Sgd(nn::NamedTensors parameters) : parameters_(std::move(parameters)) {}
  // Parameters without a gradient stay as they are.
  void step(double rate);

 private:
  nn::NamedTensors parameters_;
};

// Constant, or `first` up to step `drop_at` and `second` from there on, in absolute steps.
class Schedule {
 public:
  // Reads train.schedule ("constant" or "step"), train.learning_rate, train.drop_at and
  // train.final_learning_rate. Throws UsageError.
  explicit Schedule(const Config& recipe);
  double rate(std::int64_t step) const { return step < drop_at_ ? first_ : second_; }

 private:
  double first_;
  double second_;
  std::int64_t drop_at_;
};

}  // namespace wavenet::optim
