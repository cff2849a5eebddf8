#include "wavenet/train/thread_choice.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace wavenet::train {

int ThreadChoice::next() const {
  if (!is_trial()) {
    return best_;
  }
  return step_ / kTurn % 2 == 0 ? 1 : most_;
}

void ThreadChoice::took(double seconds) {
  if (step_ == 0) {
    std::fill(std::begin(fastest_), std::end(fastest_), std::numeric_limits<double>::infinity());
  }
  if (is_trial()) {
    double& fastest = fastest_[next() == 1 ? 0 : 1];
    if (step_ % kTurn > 0) {
      fastest = std::min(fastest, seconds);
    }
  }
  ++step_;
  if (most_ > 1 && step_ == kTurn * kTurns) {
    best_ = fastest_[1] < fastest_[0] ? most_ : 1;
  }
  step_ %= kPeriod;
}

}  // namespace wavenet::train
