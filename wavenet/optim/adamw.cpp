#include "wavenet/optim/adamw.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet::optim {

AdamW::AdamW(const nn::NamedTensors& parameters, AdamWOptions options, std::int64_t steps_done)
    : options_(options), steps_(steps_done) {
  for (const auto& [name, p] : parameters) {
    slots_.push_back(
        {name, p, Tensor::zeros(p.shape(), p.dtype()), Tensor::zeros(p.shape(), p.dtype())});
  }
}

void AdamW::step(double rate, double scale) {
  ++steps_;
  for (const Slot& slot : slots_) {
    const Tensor gradient = grad(slot.parameter);
    if (!gradient.defined()) {
      continue;
    }
    const AdamWStep how{.rate = rate,
                        .beta1 = options_.beta1,
                        .beta2 = options_.beta2,
                        .eps = options_.eps,
                        .decay = decays(slot.parameter) ? options_.decay : 0,
                        .scale = scale,
                        .step = steps_};
    backend().adamw_step(gradient, how, slot.mean, slot.square, slot.parameter);
    zero_grad(slot.parameter);
  }
}

nn::NamedTensors AdamW::state() const {
  nn::NamedTensors all;
  for (const Slot& slot : slots_) {
    all.emplace_back("adamw.mean." + slot.name, slot.mean);
    all.emplace_back("adamw.square." + slot.name, slot.square);
  }
  return all;
}

}  // namespace wavenet::optim
