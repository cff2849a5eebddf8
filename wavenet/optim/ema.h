// Ema: a running average of the parameters, which often judges better than the last of them (Polyak
// and Juditsky 1992).
//
//   optim::Ema average(model.parameters());
//   optimizer.step(rate);  average.update(optim::decay_at(0.999, steps_done));
//   { const optim::UseAverage use(average);  evaluate(model); }   // the average, for that long
//
// Left out: averages of buffers.
#pragma once

#include <cstdint>

#include "wavenet/nn/module.h"

namespace wavenet::optim {

class Ema {
 public:
  // Starts as the parameters are now.
  explicit Ema(nn::NamedTensors parameters);
  // average = decay average + (1 - decay) parameters.
  void update(double decay);
  // The averages, to be saved and loaded in place.
  nn::NamedTensors state() const { return averages_; }
  // Exchanges averages and parameters.
  void swap();

 private:
  nn::NamedTensors parameters_;
  nn::NamedTensors averages_;
};

// `decay`, or less while few steps are done, so that a short run's average is not that of its
// start: (1 + t) / (10 + t) after t steps, about the last tenth of them, as in TensorFlow's
// ExponentialMovingAverage with num_updates.
double decay_at(double decay, std::int64_t steps_done);

// For its lifetime the parameters are the averages.
class UseAverage {
 public:
  explicit UseAverage(Ema& average) : average_(average) { average_.swap(); }
  ~UseAverage() { average_.swap(); }
  UseAverage(const UseAverage&) = delete;
  UseAverage& operator=(const UseAverage&) = delete;

 private:
  Ema& average_;
};

}  // namespace wavenet::optim
