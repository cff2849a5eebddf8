// Watch (hooks on activations and gradients): what layers and parameters do in one training
// step, as makemore's plots have it.
//
//   train::Watch watch(*model, trainer.steps_done());
//   trainer.step(&watch);
//   for (const LayerRecord& layer : watch.layers()) { ... }   // histograms of activation, gradient
//
// Watching changes no bit of the step. Of a minibatch in shards the first is seen; what is
// computed by a table (ops/embedded_linear.h) has no gradient to see. Left out: when to watch, and
// where the records go.
#pragma once

#include <vector>

#include "wavenet/log/records.h"
#include "wavenet/nn/module.h"

namespace wavenet::train {

// Beyond it a tanh is called saturated: its slope is below 0.06.
inline constexpr double kSaturated = 0.97;

class Watch {
 public:
  // Of a step before which `steps_done` were done.
  Watch(const nn::Module& model, std::int64_t steps_done) : model_(model), step_(steps_done + 1) {}

  // For a Trace of the forward pass; gradients come in on the way back.
  nn::Trace::Visit visit();
  // When the gradients are there, and when the parameters have moved.
  void before_update();
  void after_update();

  const std::vector<LayerRecord>& layers() const { return layers_; }
  const std::vector<ParameterRecord>& parameters() const { return parameters_; }
  const std::vector<NormRecord>& norms() const { return norms_; }

 private:
  const nn::Module& model_;
  std::int64_t step_;           // done after it
  std::vector<Tensor> before_;  // copies of the parameters
  std::vector<LayerRecord> layers_;
  std::vector<ParameterRecord> parameters_;
  std::vector<NormRecord> norms_;
};

}  // namespace wavenet::train
