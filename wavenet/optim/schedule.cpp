#include "wavenet/optim/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "wavenet/base/check.h"

namespace wavenet::optim {
namespace {
constexpr double kMaxRate = 1e6;
constexpr double kLeastRate = 1e-12;  // no factor leads to 0
constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;
}  // namespace

Schedule::Schedule(const Config& recipe)
    : first_(recipe.number("train.learning_rate", 0, kMaxRate)),
      warmup_(recipe.integer_or("train.warmup", 0, 0, kMaxSteps)) {
  const std::array<std::string, 4> kinds{"constant", "step", "cosine", "exponential"};
  const std::string kind = recipe.choice("train.schedule", kinds);
  if (kind == "step") {
    kind_ = Kind::step;
    drop_at_ = recipe.integer("train.drop_at", 0, kMaxSteps);
    final_ = recipe.number("train.final_learning_rate", 0, kMaxRate);
  } else if (kind == "cosine") {
    kind_ = Kind::cosine;
    steps_ = recipe.integer("train.steps", 1, kMaxSteps);
    final_ = recipe.number_or("train.final_learning_rate", 0, 0, kMaxRate);
  } else if (kind == "exponential") {
    kind_ = Kind::exponential;
    steps_ = recipe.integer("train.steps", 1, kMaxSteps);
    final_ = recipe.number("train.final_learning_rate", kLeastRate, kMaxRate);
    if (first_ < kLeastRate) {
      fail_usage(
          "recipe: train.learning_rate must be at least {:g} with an exponential schedule, got "
          "{:g}",
          kLeastRate, first_);
    }
  }
}

double Schedule::rate(std::int64_t step) const {
  if (step < warmup_) {
    return first_ * static_cast<double>(step + 1) / static_cast<double>(warmup_);
  }
  switch (kind_) {
    case Kind::constant:
      return first_;
    case Kind::step:
      return step < drop_at_ ? first_ : final_;
    case Kind::cosine:
    case Kind::exponential:
      break;
  }
  const double whole = static_cast<double>(std::max<std::int64_t>(1, steps_ - warmup_));
  const double done = std::min(1.0, static_cast<double>(step - warmup_) / whole);
  if (kind_ == Kind::exponential) {
    return first_ * std::pow(final_ / first_, done);
  }
  return final_ + (first_ - final_) * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

std::vector<Misfit> Schedule::misfits(std::int64_t steps) const {
  std::vector<Misfit> found;
  if (warmup_ > steps / 2) {
    found.push_back({fmt::format("the learning rate grows over {} steps (train.warmup), more than "
                                 "half of the run's {}",
                                 warmup_, steps),
                     fmt::format("train.warmup={}", steps / 10), true});
  }
  if (kind_ == Kind::step && drop_at_ >= steps) {
    found.push_back({fmt::format("the learning rate drops at step {} (train.drop_at), which the "
                                 "run of {} steps does not come to",
                                 drop_at_, steps),
                     fmt::format("train.drop_at={}", steps * 3 / 4), false});
  }
  return found;
}

}  // namespace wavenet::optim
