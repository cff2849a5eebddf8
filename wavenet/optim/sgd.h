// Sgd: stochastic gradient descent, plain or with momentum, as torch.optim.SGD has it.
//
//   optim::Sgd optimizer(model.parameters());
//   backward(loss);
//   optimizer.step(0.1);   // p -= rate * gradient, then forgets the gradients
//
// Left out: Nesterov's form.
#pragma once

#include "wavenet/optim/optimizer.h"

namespace wavenet::optim {

struct SgdOptions {
  double momentum = 0;  // v = momentum v + g, p -= rate v
  double decay = 0;     // g += decay p, for weights
};

class Sgd : public Optimizer {
 public:
  explicit Sgd(nn::NamedTensors parameters, SgdOptions options = {});
  void step(double rate, double scale = 1) override;
  nn::NamedTensors state() const override { return velocities_; }

 private:
  nn::NamedTensors parameters_;
  SgdOptions options_;
  nn::NamedTensors velocities_;  // of each parameter; empty when plain
};

}  // namespace wavenet::optim
