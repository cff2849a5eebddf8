#include "manual/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace manual {

std::vector<std::string> synopsis(const std::string& program, const Verb& verb) {
  std::vector<std::string> words{program, verb.name, "[OPTIONS]"};
  for (const Argument& flag : verb.flags) {
    if (flag.required) {
      words.insert(words.end(), {flag.names.back(), flag.value});
    }
  }
  for (const Argument& positional : verb.positionals) {
    const std::string name = positional.value + (positional.repeats ? "..." : "");
    words.push_back(positional.required ? name : "[" + name + "]");
  }
  return words;
}

std::string description(const Argument& argument) {
  return argument.remarks.empty()
             ? argument.about
             : fmt::format("{} ({})", argument.about, fmt::join(argument.remarks, "; "));
}

Completes completes(const std::string& value) {
  const std::map<std::string, Completes> known{{"FILE", Completes::files},
                                               {"DATA", Completes::files},
                                               {"MODEL", Completes::files},
                                               {"DIR", Completes::folders},
                                               {"RECIPE", Completes::recipes}};
  if (value.find('|') != value.npos) {
    return Completes::choices;
  }
  const auto found = known.find(value);
  return found == known.end() ? Completes::nothing : found->second;
}

std::string completed(const Definition& program, const Argument& argument, const Ways& ways) {
  switch (completes(argument.value)) {
    case Completes::files:
      return ways.files;
    case Completes::folders:
      return ways.folders;
    case Completes::recipes:
      return fmt::format(fmt::runtime(ways.recipes), fmt::join(program.recipes, " "));
    case Completes::choices: {
      std::string words = argument.value;
      std::replace(words.begin(), words.end(), '|', ' ');
      return fmt::format(fmt::runtime(ways.choices), words);
    }
    case Completes::nothing:
      break;
  }
  return ways.nothing;
}

}  // namespace manual
