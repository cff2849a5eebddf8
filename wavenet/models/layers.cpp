#include "wavenet/models/layers.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/models/amplifier.h"

namespace wavenet::models {
namespace {

constexpr std::int64_t kBatch = 4;

}  // namespace

std::vector<nn::Trace::Layer> layers_of(Model& model) {
  if (!model.takes_steps() || amplifier_of(model) != nullptr) {  // whose nets are no modules
    return {};
  }
  const NoGrad guard;
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const nn::Trace trace(model);
  model.raw({.x = Tensor::zeros({kBatch, model.receptive_field()}, DType::i32)});
  return trace.layers();
}

}  // namespace wavenet::models
