#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "wavenet/models/recipes.h"
#include "wavenet/version.h"

namespace cli {
namespace {

using manual::Argument;

// "-h", "--help"; of a positional its one name.
std::vector<std::string> names_of(const CLI::Option& option) {
  return CLI::detail::split(option.get_name(false, true), ',');
}

// The parser's names of types are a programmer's.
std::string readable(const std::string& type) {
  return type == "INT" || type == "UINT" ? "N" : type == "FLOAT" ? "X" : type;
}

Argument argument_of(const CLI::Option& option) {
  const bool takes_value = option.get_items_expected_max() > 0;
  const bool takes_all = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  // The type, then what each validator says of itself.
  const std::vector<std::string> type = CLI::detail::split(option.get_type_name(), ':');
  Argument argument{.names = names_of(option),
                    .value = takes_value ? readable(type.front()) : "",
                    .about = option.get_description(),
                    .remarks = {type.begin() + 1, type.end()},
                    .required = option.get_required(),
                    .repeats = takes_value && (takes_all || option.get_expected_max() > 1)};
  if (option.get_positional()) {
    argument.value = argument.names.front();
  } else if (argument.required) {
    argument.remarks.push_back("required");
  }
  if (takes_value && !option.get_default_str().empty()) {
    argument.remarks.push_back("default " + option.get_default_str());
  }
  for (const CLI::Option* other : option.get_excludes()) {
    argument.remarks.push_back("not with " + names_of(*other).back());
  }
  return argument;
}

std::vector<Argument> arguments_of(const CLI::App& app, bool positional) {
  std::vector<Argument> arguments;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() == positional && !option->get_group().empty()) {
      arguments.push_back(argument_of(*option));
    }
  }
  return arguments;
}

}  // namespace

manual::Verb verb_of(const CLI::App& app) {
  const std::string examples = app.get_footer();
  return {app.get_name(), app.get_description(), arguments_of(app, true), arguments_of(app, false),
          examples.empty() ? std::vector<std::string>() : CLI::detail::split(examples, '\n')};
}

manual::Definition definition_of(const CLI::App& app) {
  manual::Definition definition{.name = app.get_name(),
                                .version = wavenet::kVersion,
                                .about = app.get_description(),
                                .flags = arguments_of(app, false),
                                .verbs = {},
                                .recipes = {}};
  const auto shown = [](const CLI::App* verb) { return !verb->get_group().empty(); };
  for (const CLI::App* verb : app.get_subcommands(shown)) {
    definition.verbs.push_back(verb_of(*verb));
  }
  for (const auto& [name, text] : wavenet::models::embedded_recipes()) {
    definition.recipes.push_back(name);
  }
  return definition;
}

}  // namespace cli
