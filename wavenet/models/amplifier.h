// Amplifier: one or more nets of a .nam file as a model that is trained, from samples to samples; several
// are trained side by side, each on its own.
//
//   models::Amplifier model({nam::standard()}, rng, waveform);
//   Tensor y = model.raw({.x = samples, .rows = {.past = 4092}});   // f32 [B, 4092 + T] -> [B, T, 1]
//   nam::WaveNet trained = model.described(0);   // the weights in place, to be written
//   model.take(0, net);                          // goes on from somebody's weights
//
// Parameters are named by their places, "array1.layer3.conv.weight", shaped as PyTorch's Conv1d has them and
// drawn as it draws them; of several nets "net2.array1...". head_scale is a constant. Before the first sample
// stands silence. Left out, and refused by name: a condition net, gates, FiLM, head1x1, groups, slices,
// slopes that are learned, what follows the arrays.
#pragma once

#include <vector>

#include "wavenet/models/model.h"
#include "wavenet/nam/model.h"
#include "wavenet/ops/layer_array.h"

namespace wavenet::models {

class Amplifier : public Model {
 public:
  // Reads the shapes alone. Throws Error naming what cannot be trained. `output` has the width of the
  // number of nets.
  Amplifier(std::vector<nam::WaveNet> nets, Rng& rng, SharedOutput output);
  std::string kind() const override { return "Amplifier"; }
  Tensor raw(const Inputs& inputs) override;

  std::size_t nets() const { return nets_.size(); }
  // A net as it is now.
  nam::WaveNet described(std::size_t net) const;
  // Takes over the weights and the head_scale of a net of the same shape. Throws Error for another.
  void take(std::size_t net, const nam::WaveNet& from);

 protected:
  void check_inputs(const Inputs& inputs) const override;

 private:
  struct Net {
    nam::WaveNet shape;
    std::vector<LayerArrayWeights> arrays;
  };
  ConvWeights drawn(const std::string& name, const nam::Convolution& conv, Rng& rng);
  Tensor run(const Net& net, const Tensor& samples, std::int64_t wanted) const;

  std::vector<Net> nets_;
};

// Null for a model of another kind.
const Amplifier* amplifier_of(const Model& model);

}  // namespace wavenet::models
