// Optimizer: moves parameters against their gradients. And the registry that builds one from a
// recipe.
//
//   std::unique_ptr<optim::Optimizer> optimizer = optim::build(recipe, model.parameters());
//   backward(loss);
//   const double norm = optim::gradient_norm(model.parameters());
//   optimizer->step(rate, norm > 1 ? 1 / norm : 1);   // then forgets the gradients
//
// Left out: groups of parameters with rates of their own.
#pragma once

#include <memory>

#include "wavenet/base/config.h"
#include "wavenet/nn/module.h"

namespace wavenet::optim {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // Gradients are multiplied by `scale` first. Parameters without a gradient stay as they are.
  virtual void step(double rate, double scale = 1) = 0;
  // What the next step depends on, to be saved and loaded in place; names are fit for a file.
  virtual nn::NamedTensors state() const { return {}; }
};

// Reads train.optimizer ("sgd" or "adamw") and its keys: train.momentum and train.weight_decay;
// train.beta1, train.beta2, train.eps. Throws UsageError. `steps_done` continues a run.
std::unique_ptr<Optimizer> build(const Config& recipe, nn::NamedTensors parameters,
                                 std::int64_t steps_done = 0);

// Weights decay; biases and the scales of norms, which have one dimension, do not.
inline bool decays(const Tensor& parameter) { return parameter.rank() >= 2; }

// The length of all gradients taken as one vector (Pascanu et al. 2013 clip by it).
double gradient_norm(const nn::NamedTensors& parameters);

}  // namespace wavenet::optim
