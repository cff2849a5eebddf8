// AdamW: Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2),
// as torch.optim.AdamW has it; biases and norms do not decay.
//
//   optim::AdamW optimizer(model.parameters(), {.decay = 0.05});
//   backward(loss);
//   optimizer.step(3e-3);
//
// Left out: AMSGrad.
#pragma once

#include "wavenet/optim/optimizer.h"

namespace wavenet::optim {

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.99;
  double eps = 1e-8;
  double decay = 0;
};

class AdamW : public Optimizer {
 public:
  AdamW(const nn::NamedTensors& parameters, AdamWOptions options, std::int64_t steps_done = 0);
  void step(double rate, double scale = 1) override;
  nn::NamedTensors state() const override;

 private:
  struct Slot {
    std::string name;
    Tensor parameter;
    Tensor mean;    // of the gradient
    Tensor square;  // of its square
  };
  std::vector<Slot> slots_;
  AdamWOptions options_;
  std::int64_t steps_;
};

}  // namespace wavenet::optim
