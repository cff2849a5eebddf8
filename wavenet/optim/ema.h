// Ema: a running average of the parameters, which often judges better than the last of them (Polyak
// and Juditsky 1992).
//
//   optim::Ema average(model.parameters(), 0.999);
//   optimizer.step(rate);  average.update();
//   { const optim::UseAverage use(average);  evaluate(model); }   // the average, for that long
//
// Left out: averages of buffers.
#pragma once

#include "wavenet/nn/module.h"

namespace wavenet::optim {

class Ema {
 public:
  // Starts as the parameters are now.
  Ema(nn::NamedTensors parameters, double decay);
  // average = decay average + (1 - decay) parameters.
  void update();
  // The averages, to be saved and loaded in place.
  nn::NamedTensors state() const { return averages_; }
  // Exchanges averages and parameters.
  void swap();

 private:
  nn::NamedTensors parameters_;
  nn::NamedTensors averages_;
  double decay_;
};

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
