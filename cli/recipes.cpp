// wavenet recipes: what can be trained.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/arguments.h"

namespace cli {

int recipes(const RecipesArguments& arguments) {
  using namespace wavenet;
  if (!arguments.name.empty()) {
    fmt::print("{}\n", models::load_recipe(arguments.name).to_json());
    return 0;
  }
  for (const auto& [name, text] : models::embedded_recipes()) {
    const std::string about = Config::parse(text, name).text("about");
    if (arguments.json) {
      fmt::print("{}\n", nlohmann::ordered_json{{"name", name}, {"about", about}}.dump());
    } else {
      fmt::print("{:10} {}\n", name, about);
    }
  }
  return 0;
}

}  // namespace cli
