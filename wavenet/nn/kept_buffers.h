// KeptBuffers: a module's buffers as they were, to go back to. A forward pass in training moves the
// running statistics of a BatchNorm, also of a step that then fails.
//
//   nn::KeptBuffers kept(model);
//   kept.keep();
//   try { ... } catch (...) { kept.put_back(); throw; }
//
// Left out: parameters.
#pragma once

#include "wavenet/nn/module.h"

namespace wavenet::nn {

class KeptBuffers {
 public:
  explicit KeptBuffers(const Module& module);
  void keep();
  void put_back() const;

 private:
  NamedTensors buffers_;
  std::vector<Tensor> kept_;
};

}  // namespace wavenet::nn
