// wavenet inspect: the shape after every layer for a batch of 4, as the article does by hand; of a .nam
// file what it says.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/inspect_amplifier.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/terminal.h"
#include "wavenet/data/dataset.h"
#include "wavenet/models/layers.h"
#include "wavenet/models/ngram_model.h"

namespace cli {
namespace {

using namespace wavenet;

nlohmann::ordered_json json_of(const std::vector<nn::Trace::Layer>& layers) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const nn::Trace::Layer& layer : layers) {
    all.push_back({{"name", layer.name},
                   {"kind", layer.kind},
                   {"shape", std::vector<std::int64_t>(layer.output.begin(), layer.output.end())},
                   {"parameters", layer.parameters}});
  }
  return all;
}

struct Inspected {
  std::unique_ptr<models::Model> model;
  std::string unit;  // of what it reads
};

Inspected model_of(const InspectArguments& arguments) {
  if (!arguments.model.empty()) {
    if (!arguments.set.empty()) {
      fail_usage("inspect: --set goes with --recipe, not with a trained model");
    }
    run::State opened = run::open(arguments.model);
    return {std::move(opened.model), opened.saved.codec->unit()};
  }
  const std::string name = arguments.recipe.empty() ? models::kDefaultRecipe : arguments.recipe;
  Config recipe = models::load_recipe(name);
  recipe.set_each(arguments.set);
  Rng rng;
  const std::shared_ptr<const data::Codec> codec = data::usual_codec(recipe);
  return {models::build(recipe, run::codes_of(*codec), rng), codec->unit()};
}

// Columns of the drawing: 64 at most, and no more than fit the terminal.
std::int64_t columns_for(std::int64_t field) {
  constexpr std::int64_t kBefore = 34;  // columns of the texts beside it, and one free
  constexpr std::int64_t kLeast = 8;
  constexpr std::int64_t kMost = 64;
  const auto wide = static_cast<std::int64_t>(columns_of(STDOUT_FILENO));
  const std::int64_t room = wide == 0 ? kMost : std::clamp(wide - kBefore, kLeast, kMost);
  return std::min(field, room);
}

// Each layer's inputs, the newest on the right; o: the last output depends on it.
void draw(const std::vector<models::StackLayer>& stack, std::int64_t field) {
  const std::int64_t columns = columns_for(field);
  fmt::print("\nwhat the last output sees, newest on the right{}:\n",
             columns < field ? fmt::format(" (the latest {} of {})", columns, field) : "");
  const auto line = [&](const std::string& name, const std::string& about,
                        const std::vector<std::int64_t>& seen) {
    std::string row(static_cast<std::size_t>(columns), '.');
    for (const std::int64_t back : seen) {
      if (back < columns) {
        row[static_cast<std::size_t>(columns - 1 - back)] = 'o';
      }
    }
    fmt::print("  {:10} {:>18}  {}\n", name, about, row);
  };
  line("output", "", {0});
  for (std::size_t l = stack.size(); l-- > 0;) {
    line(stack[l].name, fmt::format("{} taps, {} apart", stack[l].width, stack[l].dilation),
         models::seen_by_last(stack, l));
  }
}

// A counting model has no layers to walk through.
int inspect_counting(const models::Model& model, std::int64_t order, bool json) {
  if (json) {
    const nlohmann::ordered_json all{{"parameters", model.parameter_count()},
                                     {"receptive_field", model.receptive_field()},
                                     {"layers", nlohmann::ordered_json::array()}};
    fmt::print("{}", json_line(all));
  } else {
    fmt::print("a counting model over up to {} character{}; no layers, no parameters\n", order,
               order == 1 ? "" : "s");
  }
  return 0;
}

}  // namespace

int inspect(const InspectArguments& arguments) {
  if (std::filesystem::path(arguments.model).extension() == ".nam") {
    check_usage(arguments.set.empty(), "inspect: --set goes with --recipe, not with a .nam file");
    return inspect_amplifier(arguments.model, arguments.json);
  }
  const auto [model, unit] = model_of(arguments);
  if (const std::optional<std::int64_t> order = models::counted_order(*model)) {
    return inspect_counting(*model, *order, arguments.json);
  }
  warn_of_skipped_samples(*model);
  const std::vector<nn::Trace::Layer> layers = models::layers_of(*model);
  if (arguments.json) {
    const nlohmann::ordered_json all{{"parameters", model->parameter_count()},
                                     {"receptive_field", model->receptive_field()},
                                     {"layers", json_of(layers)}};
    fmt::print("{}", json_line(all));
    return 0;
  }
  if (!layers.empty()) {
    const Shape input{layers.front().output[0], model->receptive_field()};
    fmt::print("{:18} {:22} {:>12} {:>11}\n", "layer", "kind", "output", "parameters");
    fmt::print("{:18} {:22} {:>12}\n", "input", unit + 's', input.join("x"));
  }
  for (const nn::Trace::Layer& layer : layers) {
    fmt::print("{:18} {:22} {:>12} {:>11}\n", layer.name, layer.kind, layer.output.join("x"),
               layer.parameters);
  }
  fmt::print("{} parameters, receptive field {} {}s\n", model->parameter_count(),
             model->receptive_field(), unit);
  const std::vector<models::StackLayer> stack = models::stack_of(model->wiring());
  if (!stack.empty()) {
    draw(stack, model->receptive_field());
  }
  return 0;
}

}  // namespace cli
