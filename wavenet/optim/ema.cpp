#include "wavenet/optim/ema.h"

#include <algorithm>

#include "wavenet/backend/backend.h"

namespace wavenet::optim {

Ema::Ema(nn::NamedTensors parameters) : parameters_(std::move(parameters)) {
  for (const auto& [name, p] : parameters_) {
    averages_.emplace_back("ema." + name, p.clone());
  }
}

void Ema::update(double decay) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    backend().ema_step(parameters_[i].second, decay, averages_[i].second);
  }
}

double decay_at(double decay, std::int64_t steps_done) {
  const auto steps = static_cast<double>(steps_done);
  return std::min(decay, (1 + steps) / (10 + steps));
}

void Ema::swap() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& p = parameters_[i].second;
    const Tensor kept = p.clone();
    backend().copy(averages_[i].second, p);
    backend().copy(kept, averages_[i].second);
  }
}

}  // namespace wavenet::optim
