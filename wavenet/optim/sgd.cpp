#include "wavenet/optim/sgd.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet::optim {

Sgd::Sgd(nn::NamedTensors parameters, SgdOptions options)
    : parameters_(std::move(parameters)), options_(options) {
  if (options.momentum > 0 || options.decay > 0) {
    for (const auto& [name, p] : parameters_) {
      velocities_.emplace_back("sgd.velocity." + name, Tensor::zeros(p.shape(), p.dtype()));
    }
  }
}

void Sgd::step(double rate, double scale) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& p = parameters_[i].second;
    const Tensor gradient = grad(p);
    if (!gradient.defined()) {
      continue;
    }
    if (velocities_.empty()) {
      backend().sgd_step(gradient, rate * scale, p);
    } else {
      backend().momentum_step(gradient, rate, options_.momentum, scale,
                              decays(p) ? options_.decay : 0, velocities_[i].second, p);
    }
    zero_grad(p);
  }
}

}  // namespace wavenet::optim
