// wavenet convert: a trained tree as the stack of convolutions that computes the same.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/cost.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr const char* kConvolution = "convolution";

fs::path place_of(const ConvertArguments& arguments) {
  const fs::path beside = train::model_path(arguments.model).parent_path();
  fs::path out = arguments.out.empty() ? beside / (std::string(kConvolution) + ".safetensors")
                                       : fs::path(arguments.out);
  check(arguments.overwrite || !fs::exists(out),
        "{}: already there; replace it with --overwrite, or choose another --out", out.string());
  return out;
}

// The tree's recipe with another "model" part.
Config recipe_of(const Config& tree, const models::ConvolutionOptions& options) {
  auto json = nlohmann::ordered_json::parse(tree.to_json());
  json["model"] = {{"kind", kConvolution},
                   {"embedding", options.embedding},
                   {"hidden", options.hidden},
                   {"width", options.width},
                   {"dilations", options.dilations}};
  return Config::parse(json.dump(), "recipe");
}

}  // namespace

int convert(const ConvertArguments& arguments) {
  OpenModel opened = open_model(arguments.model);
  const auto* tree = dynamic_cast<const models::Tree*>(opened.model.get());
  if (tree == nullptr) {
    fail_usage("convert: only a tree becomes a convolution, {} holds a model of kind '{}'",
               train::model_path(arguments.model).string(), opened.saved.recipe.text("model.kind"));
  }
  const fs::path out = place_of(arguments);
  const auto convolution = models::convolution_of(*tree);
  train::Checkpoint converted = std::move(opened.saved);
  converted.recipe = recipe_of(converted.recipe, convolution->options());
  // What the optimizer kept belongs to the tree's parameters.
  converted.tensors.clear();
  for (const auto& [name, tensor] : convolution->state()) {
    converted.tensors[name] = tensor;
  }
  train::write_checkpoint(out, converted);

  const std::int64_t before = models::multiply_adds(tree->options());
  const std::int64_t after = models::multiply_adds(convolution->options());
  if (arguments.json) {
    const nlohmann::ordered_json result{{"model", out.string()},
                                        {"dilations", convolution->options().dilations},
                                        {"multiply_adds", after},
                                        {"multiply_adds_before", before}};
    fmt::print("{}", json_line(result));
    return 0;
  }
  fmt::print("{}: width 2, dilations {}; {} multiply-adds a character, the tree has {}\n",
             out.string(), fmt::join(convolution->options().dilations, ", "), after, before);
  return 0;
}

}  // namespace cli
