#include "wavenet/optim/ema.h"

#include "wavenet/backend/backend.h"

namespace wavenet::optim {

Ema::Ema(nn::NamedTensors parameters, double decay)
    : parameters_(std::move(parameters)), decay_(decay) {
  for (const auto& [name, p] : parameters_) {
    const Tensor average = Tensor::empty(p.shape(), p.dtype());
    backend().copy(p, average);
    averages_.emplace_back("ema." + name, average);
  }
}

void Ema::update() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    backend().ema_step(parameters_[i].second, decay_, averages_[i].second);
  }
}

void Ema::swap() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& p = parameters_[i].second;
    const Tensor kept = Tensor::empty(p.shape(), p.dtype());
    backend().copy(p, kept);
    backend().copy(averages_[i].second, p);
    backend().copy(kept, averages_[i].second);
  }
}

}  // namespace wavenet::optim
