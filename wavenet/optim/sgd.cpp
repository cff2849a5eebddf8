#include "wavenet/optim/sgd.h"

#include <array>
#include <limits>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/nearest.h"

namespace wavenet::optim {

void Sgd::step(double rate) {
  for (const auto& [name, p] : parameters_) {
    const Tensor gradient = grad(p);
    if (gradient.defined()) {
      backend().sgd_step(gradient, rate, p);
      zero_grad(p);
    }
  }
}

Schedule::Schedule(const Config& recipe)
    : first_(recipe.number("train.learning_rate", 0, 1e6)),
      second_(first_),
      drop_at_(std::numeric_limits<std::int64_t>::max()) {
  const std::string kind = recipe.text("train.schedule");
  if (kind == "step") {
    drop_at_ = recipe.integer("train.drop_at", 0, std::numeric_limits<std::int64_t>::max());
    second_ = recipe.number("train.final_learning_rate", 0, 1e6);
  } else if (kind != "constant") {
    const std::array<std::string, 2> kinds{"constant", "step"};
    fail_usage("recipe: unknown train.schedule '{}'{}", kind, nearest_hint(kind, kinds));
  }
}

}  // namespace wavenet::optim
