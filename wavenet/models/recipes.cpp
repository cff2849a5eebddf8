#include "wavenet/models/recipes.h"

#include <filesystem>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/nearest.h"

namespace wavenet::models {

Config load_recipe(const std::string& name_or_file) {
  std::vector<std::string> names;
  for (const auto& [name, text] : embedded_recipes()) {
    if (name == name_or_file) {
      return Config::parse(text, "recipe");
    }
    names.push_back(name);
  }
  if (std::filesystem::is_regular_file(status_of(name_or_file)) ||
      name_or_file.find('/') != std::string::npos || name_or_file.ends_with(".json")) {
    return Config::parse(read_file(name_or_file, Config::kMaxBytes), name_or_file);
  }
  fail_usage("unknown recipe '{}'{}", name_or_file, nearest_hint(name_or_file, names));
}

}  // namespace wavenet::models
