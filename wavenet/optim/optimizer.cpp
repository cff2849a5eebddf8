#include "wavenet/optim/optimizer.h"

#include <array>
#include <cmath>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/optim/adamw.h"
#include "wavenet/optim/sgd.h"

namespace wavenet::optim {

std::unique_ptr<Optimizer> build(const Config& recipe, nn::NamedTensors parameters,
                                 std::int64_t steps_done) {
  const std::array<std::string, 2> kinds{"sgd", "adamw"};
  const std::string kind = recipe.choice("train.optimizer", kinds);
  const double decay = recipe.number_or("train.weight_decay", 0, 0, 1e3);
  if (kind == kinds[0]) {
    return std::make_unique<Sgd>(
        std::move(parameters),
        SgdOptions{.momentum = recipe.number_or("train.momentum", 0, 0, 0.9999), .decay = decay});
  }
  return std::make_unique<AdamW>(
      parameters,
      AdamWOptions{.beta1 = recipe.number_or("train.beta1", 0.9, 0, 0.9999),
                   .beta2 = recipe.number_or("train.beta2", 0.99, 0, 0.999999),
                   .eps = recipe.number_or("train.eps", 1e-8, 0, 1),
                   .decay = decay},
      steps_done);
}

double gradient_norm(const nn::NamedTensors& parameters) {
  double total = 0;
  for (const auto& [name, p] : parameters) {
    const Tensor gradient = grad(p);
    if (gradient.defined()) {
      total += backend().sum_of_squares(gradient);
    }
  }
  return std::sqrt(total);
}

}  // namespace wavenet::optim
