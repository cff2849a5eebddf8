// A model layer by layer, as `inspect` prints it and a run's card keeps it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "wavenet/models/model.h"

namespace cli {

// What each layer gives for a batch of 4. Leaves the model in evaluation mode; a counting model has
// no layers.
std::vector<wavenet::nn::Trace::Layer> layers_of(wavenet::models::Model& model);
nlohmann::ordered_json to_json(const std::vector<wavenet::nn::Trace::Layer>& layers);

}  // namespace cli
