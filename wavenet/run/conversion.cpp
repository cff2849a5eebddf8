#include "wavenet/run/conversion.h"

#include <nlohmann/json.hpp>

#include "wavenet/models/convolution.h"

namespace wavenet::run {
namespace {

// The tree's recipe with another "model" part.
Config recipe_of(const Config& tree, const models::ConvolutionOptions& options) {
  auto json = nlohmann::ordered_json::parse(tree.to_json());
  nlohmann::ordered_json model{{"kind", kConvolutionKind},
                               {"embedding", options.embedding},
                               {"hidden", options.hidden},
                               {"width", options.width},
                               {"dilations", options.dilations}};
  json["model"].erase("block_size");
  for (const auto& [key, value] : json["model"].items()) {  // what its output reads
    if (!model.contains(key)) {
      model[key] = value;
    }
  }
  json["model"] = std::move(model);
  return Config::parse(json.dump(), "recipe");
}

}  // namespace

std::optional<State> as_convolution(const State& tree) {
  std::unique_ptr<models::Convolution> convolution = models::convolution_of(*tree.model);
  if (convolution == nullptr) {
    return std::nullopt;
  }
  State converted{tree.saved, nullptr};
  converted.saved.recipe = recipe_of(tree.saved.recipe, convolution->options());
  converted.saved.tensors.clear();
  for (const auto& [name, tensor] : convolution->state()) {
    converted.saved.tensors[name] = tensor;
  }
  converted.model = std::move(convolution);
  return converted;
}

}  // namespace wavenet::run
