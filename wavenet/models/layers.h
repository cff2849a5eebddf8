// layers_of: a model's innermost layers as one pass meets them, with the shape that each gives.
//
//   for (const nn::Trace::Layer& layer : models::layers_of(*model)) { ... }
//
// Left out: what passes between them.
#pragma once

#include <vector>

#include "wavenet/models/model.h"

namespace wavenet::models {

// For a batch of 4. Leaves the model in the mode that it has; a counting model has no layers.
std::vector<nn::Trace::Layer> layers_of(Model& model);

}  // namespace wavenet::models
