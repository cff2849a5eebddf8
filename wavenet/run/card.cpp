#include "wavenet/run/card.h"

#include "wavenet/models/layers.h"
#include "wavenet/version.h"

namespace wavenet::run {

RunInfo info_of(State& state, const data::Dataset& data, const Marks& marks,
                const std::string& command) {
  RunInfo info{.version = kVersion,
               .command = command,
               .recipe = state.saved.recipe.to_json(),
               .seed = state.saved.seed,
               .split_seed = state.saved.split_seed,
               .parameters = state.model->parameter_count(),
               .receptive_field = state.model->receptive_field(),
               .vocabulary = data.codec()->size(),
               .unit = data.codec()->unit(),
               .measure = state.model->output().unit(),
               .layers = {},
               .dilations = {},
               .data = data.facts(),
               .marks = marks};
  for (const nn::Trace::Layer& layer : models::layers_of(*state.model)) {
    info.layers.push_back(
        {layer.name, layer.kind, {layer.output.begin(), layer.output.end()}, layer.parameters});
  }
  for (const models::StackLayer& layer : models::stack_of(state.model->wiring())) {
    info.width = info.dilations.empty() ? layer.width : info.width;
    info.dilations.push_back(layer.dilation);
  }
  return info;
}

}  // namespace wavenet::run
