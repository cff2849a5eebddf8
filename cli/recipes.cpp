// wavenet recipes: what can be trained.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"

namespace cli {

int recipes(const RecipesArguments& arguments) {
  using namespace wavenet;
  if (!arguments.name.empty()) {
    const std::string text = models::load_recipe(arguments.name).to_json();
    fmt::print("{}", arguments.json ? json_line(nlohmann::ordered_json::parse(text)) : text + "\n");
    return 0;
  }
  std::size_t widest = 0;
  for (const auto& [name, text] : models::embedded_recipes()) {
    widest = std::max(widest, name.size());
  }
  for (const auto& [name, text] : models::embedded_recipes()) {
    const std::string about = Config::parse(text, name).text("about");
    if (arguments.json) {
      fmt::print("{}", json_line({{"name", name}, {"about", about}}));
    } else {
      fmt::print("{:{}}  {}\n", name, widest, about);
    }
  }
  return 0;
}

}  // namespace cli
