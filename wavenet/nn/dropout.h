// Dropout: in training each element is left out with probability p; in evaluation nothing happens.
//
//   nn::Dropout dropout(0.2);
//   const nn::DropoutSeed seed(1234);   // of this step and shard; needed in training
//   Tensor y = dropout(x);
//
// What is dropped depends on the seed and on how many dropouts ran since it was set, so a step can
// be repeated, on any thread, from its seed alone: nothing has to be saved to resume.
#pragma once

#include <cstdint>

#include "wavenet/nn/module.h"

namespace wavenet::nn {

class Dropout : public Layer {
 public:
  // Throws Error for p outside [0, 1).
  explicit Dropout(double p);
  std::string kind() const override;
  // Whether it makes anything of x but x.
  bool drops() const { return training() && p_ > 0; }

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  double p_;
};

// For its lifetime, dropouts on this thread draw from `seed`.
class DropoutSeed {
 public:
  explicit DropoutSeed(std::uint64_t seed);
  ~DropoutSeed();
  DropoutSeed(const DropoutSeed&) = delete;
  DropoutSeed& operator=(const DropoutSeed&) = delete;
  std::uint64_t next() { return state_ += 0xaef17502108ef2d9U; }

 private:
  std::uint64_t state_;
  DropoutSeed* before_;
};

}  // namespace wavenet::nn
