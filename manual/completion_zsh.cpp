// Completion for zsh: one specification an argument, read by _arguments.
#include <fmt/format.h>

#include <string_view>

#include "manual/manuals.h"

namespace manual {
namespace {

// Text for a specification in single quotes, where [ ] : and \ mean something.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\'') {
      safe += "'\\''";
    } else {
      safe += std::string(c == '[' || c == ']' || c == ':' || c == '\\' ? "\\" : "") + c;
    }
  }
  return safe;
}

// ":RECIPE:action", what completes the value.
std::string value_action(const Definition& program, const Argument& argument) {
  return ":" + escaped(argument.value) + ":" +
         completed(program, argument,
                   {.nothing = " ",
                    .files = "_files",
                    .folders = "_files -/",
                    .recipes = "_wavenet_recipes",
                    .choices = "({})"});
}

std::string flag_lines(const Definition& program, const Argument& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    const bool with_equals = !flag.value.empty() && name.starts_with("--");
    text += fmt::format(" \\\n        '{}{}{}[{}]{}'", flag.repeats ? "*" : "", name,
                        with_equals ? "=" : "", escaped(flag.about),
                        flag.value.empty() ? "" : value_action(program, flag));
  }
  return text;
}

std::string case_of_verb(const Definition& program, const Verb& verb) {
  std::string text = fmt::format("    {})\n      _arguments -s", verb.name);
  for (const Argument& flag : verb.flags) {
    text += flag_lines(program, flag);
  }
  for (const Argument& positional : verb.positionals) {
    const std::string place = positional.repeats ? "*" : positional.required ? "" : ":";
    text += fmt::format(" \\\n        '{}{}'", place, value_action(program, positional));
  }
  return text + "\n      ;;\n";
}

}  // namespace

std::string zsh_completion(const Definition& program) {
  std::string verbs;
  std::string cases;
  for (const Verb& verb : program.verbs) {
    verbs += fmt::format("    '{}:{}'\n", verb.name, escaped(verb.about));
    cases += case_of_verb(program, verb);
  }
  std::string flags;
  for (const Argument& flag : program.flags) {
    flags += flag_lines(program, flag);
  }
  return fmt::format(R"(#compdef {0}
# Completion of the {0} command line for zsh, written by the program's build.
_{0}_recipes() {{
  compadd -- {4}
  _files
}}
_{0}() {{
  local state line
  local -a verbs=(
{1}  )
  _arguments -C{2} \
        '1: :->verb' '*::argument:->argument'
  if [[ $state == verb ]]; then
    _describe verb verbs
    return
  fi
  case $line[1] in
{3}  esac
}}
_{0} "$@"
)",
                     program.name, verbs, flags, cases, fmt::join(program.recipes, " "));
}

}  // namespace manual
