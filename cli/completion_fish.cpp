// Completion for fish: one `complete` command an argument.
#include <fmt/format.h>

#include <string_view>

#include "cli/manuals.h"

namespace cli {
namespace {

std::string in_quotes(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    safe += std::string(c == '\'' || c == '\\' ? "\\" : "") + c;
  }
  return "'" + safe + "'";
}

// -r: takes a value; -f: that is no file; -F: that may be one.
std::string value_of(const Argument& argument) {
  const std::string choices = in_quotes(fmt::format("{}", fmt::join(argument.choices, " ")));
  switch (argument.completes) {
    case Completes::choices:
      return " -r -f -a " + choices;
    case Completes::recipes:
      return " -r -F -a " + choices;
    case Completes::files:
      return " -r -F";
    case Completes::folders:
      return " -r -f -a '(__fish_complete_directories)'";
    case Completes::nothing:
      break;
  }
  return " -r -f";
}

std::string names_of(const Argument& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text;
}

std::string line(const std::string& program, const std::string& condition, const Argument& flag) {
  return fmt::format("complete -c {} -n {}{}{} -d {}\n", program, in_quotes(condition),
                     names_of(flag), flag.value.empty() ? "" : value_of(flag),
                     in_quotes(flag.about));
}

std::string lines_of(const std::string& program, const Verb& verb) {
  const std::string condition = "__fish_seen_subcommand_from " + verb.name;
  std::string text = fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", program,
                                 verb.name, in_quotes(verb.about));
  for (const Argument& positional : verb.positionals) {
    if (positional.completes != Completes::nothing) {
      // A plain argument is not an option's value.
      text += fmt::format("complete -c {} -n {}{}\n", program, in_quotes(condition),
                          value_of(positional).substr(std::string_view(" -r").size()));
    }
  }
  for (const Argument& flag : verb.flags) {
    text += line(program, condition, flag);
  }
  return text;
}

}  // namespace

std::string fish_completion(const Definition& program) {
  std::string text = fmt::format(
      "# Completion of the {0} command line for fish, written by the program's build.\n"
      "complete -c {0} -f\n",
      program.name);
  for (const Argument& flag : program.flags) {
    text += line(program.name, "__fish_use_subcommand", flag);
  }
  for (const Verb& verb : program.verbs) {
    text += lines_of(program.name, verb);
  }
  return text;
}

}  // namespace cli
