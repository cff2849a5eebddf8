#include "cli/definition.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "cli/examples.h"
#include "wavenet/models/recipes.h"

namespace cli {
namespace {

std::vector<std::string> pieces_of(const std::string& text, char separator) {
  std::vector<std::string> pieces{""};
  for (const char c : text) {
    if (c == separator) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  return pieces;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) {
    return {option.get_name(true)};
  }
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) {
    names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    names.push_back("--" + name);
  }
  return names;
}

// The parser's names of types are a programmer's.
std::string readable(const std::string& type) {
  const std::map<std::string, std::string> known{{"INT", "N"}, {"UINT", "N"}, {"FLOAT", "X"}};
  const auto found = known.find(type);
  return found == known.end() ? type : found->second;
}

Completes completes_of(const std::string& value) {
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

std::vector<std::string> choices_of(Completes completes, const std::string& value) {
  std::vector<std::string> choices;
  if (completes == Completes::choices) {
    choices = pieces_of(value, '|');
  } else if (completes == Completes::recipes) {
    for (const auto& [name, text] : wavenet::models::embedded_recipes()) {
      choices.push_back(name);
    }
  }
  return choices;
}

Argument argument_of(const CLI::Option& option) {
  const bool takes_value = option.get_items_expected_max() > 0;
  // The type, then what each validator says of itself.
  std::vector<std::string> type = pieces_of(option.get_type_name(), ':');
  Argument argument{.names = names_of(option),
                    .value = takes_value ? readable(type.front()) : "",
                    .about = option.get_description(),
                    .remarks = {type.begin() + 1, type.end()},
                    .required = option.get_required(),
                    .repeats = takes_value && (option.get_multi_option_policy() ==
                                                   CLI::MultiOptionPolicy::TakeAll ||
                                               option.get_expected_max() > 1),
                    .completes = Completes::nothing,
                    .choices = {}};
  if (option.get_positional()) {
    argument.value = argument.names.front();
  }
  argument.completes = completes_of(argument.value);
  argument.choices = choices_of(argument.completes, argument.value);
  if (argument.required && !option.get_positional()) {
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

Verb verb_of(const CLI::App& app) {
  return {app.get_name(), app.get_description(), arguments_of(app, true), arguments_of(app, false),
          examples_of(app.get_name())};
}

Definition definition_of(const CLI::App& app) {
  Definition definition{app.get_name(), app.get_description(), arguments_of(app, false), {}};
  for (const CLI::App* verb :
       app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
    definition.verbs.push_back(verb_of(*verb));
  }
  return definition;
}

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

}  // namespace cli
