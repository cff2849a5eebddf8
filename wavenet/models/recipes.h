// Recipes: what to build and how to train it, as JSON: the compiled-in ones, or a file.
//
//   Config recipe = models::load_recipe("tree-76k");
//   Config mine = models::load_recipe("my-recipe.json");
//
// Left out: what the keys mean; docs/extending.md lists them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wavenet/base/config.h"

namespace wavenet::models {

inline constexpr const char* kDefaultRecipe = "tree-76k";

// Name and JSON text, sorted by name.
const std::vector<std::pair<std::string, std::string_view>>& embedded_recipes();

// A compiled-in recipe by name, else a file: a name with a '/' or ending in ".json". Throws
// UsageError with the nearest name for anything else.
Config load_recipe(const std::string& name_or_file);

}  // namespace wavenet::models
