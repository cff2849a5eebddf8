// wavenet inspect: the shape after every layer for a batch of 4, as the article does by hand.
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/open.h"
#include "wavenet/autograd/autograd.h"

namespace cli {
namespace {

using namespace wavenet;

constexpr std::int64_t kBatch = 4;

std::unique_ptr<models::Model> model_of(const InspectArguments& arguments) {
  if (!arguments.model.empty()) {
    if (!arguments.set.empty()) {
      fail_usage("inspect: --set goes with --recipe, not with a trained model");
    }
    return open_model(arguments.model).model;
  }
  const std::string name = arguments.recipe.empty() ? models::kDefaultRecipe : arguments.recipe;
  Config recipe = models::load_recipe(name);
  for (const std::string& assignment : arguments.set) {
    recipe.set(assignment);
  }
  const data::Vocabulary vocabulary(data::embedded_names().words);
  Rng rng;
  return models::build(recipe, vocabulary.size(), rng);
}

}  // namespace

int inspect(const InspectArguments& arguments) {
  const std::unique_ptr<models::Model> model = model_of(arguments);
  const NoGrad guard;
  model->eval();
  const Shape input{kBatch, model->receptive_field()};
  const nn::Trace trace(*model);
  (*model)(Tensor::zeros(input, DType::i32));
  if (arguments.json) {
    nlohmann::ordered_json layers = nlohmann::ordered_json::array();
    for (const auto& layer : trace.layers()) {
      layers.push_back(
          {{"name", layer.name},
           {"kind", layer.kind},
           {"shape", std::vector<std::int64_t>(layer.output.begin(), layer.output.end())},
           {"parameters", layer.parameters}});
    }
    const nlohmann::ordered_json all{{"parameters", model->parameter_count()},
                                     {"receptive_field", model->receptive_field()},
                                     {"layers", layers}};
    fmt::print("{}\n", all.dump());
    return 0;
  }
  fmt::print("{:18} {:22} {:>12} {:>11}\n", "layer", "kind", "output", "parameters");
  fmt::print("{:18} {:22} {:>12}\n", "input", "characters", input.join("x"));
  for (const auto& layer : trace.layers()) {
    fmt::print("{:18} {:22} {:>12} {:>11}\n", layer.name, layer.kind, layer.output.join("x"),
               layer.parameters);
  }
  fmt::print("{} parameters, receptive field {} characters\n", model->parameter_count(),
             model->receptive_field());
  return 0;
}

}  // namespace cli
