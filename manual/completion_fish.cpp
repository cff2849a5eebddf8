// Completion for fish: one `complete` command an argument.
#include <fmt/format.h>

#include <string_view>

#include "manual/manuals.h"

namespace manual {
namespace {

std::string in_quotes(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    safe += std::string(c == '\'' || c == '\\' ? "\\" : "") + c;
  }
  return "'" + safe + "'";
}

// -f: no file; -F: perhaps a file. Of a flag stands -r before it: it takes a value.
std::string value_of(const Definition& program, const Argument& argument) {
  return completed(program, argument,
                   {.nothing = " -f",
                    .files = " -F",
                    .folders = " -f -a '(__fish_complete_directories)'",
                    .recipes = " -F -a '{}'",
                    .choices = " -f -a '{}'"});
}

std::string names_of(const Argument& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text;
}

std::string line(const Definition& program, const std::string& condition, const Argument& flag) {
  return fmt::format("complete -c {} -n {}{}{} -d {}\n", program.name, in_quotes(condition),
                     names_of(flag), flag.value.empty() ? "" : " -r" + value_of(program, flag),
                     in_quotes(flag.about));
}

std::string lines_of(const Definition& program, const Verb& verb) {
  const std::string condition = "__fish_seen_subcommand_from " + verb.name;
  std::string text = fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n",
                                 program.name, verb.name, in_quotes(verb.about));
  for (const Argument& positional : verb.positionals) {
    if (completes(positional.value) != Completes::nothing) {
      text += fmt::format("complete -c {} -n {}{}\n", program.name, in_quotes(condition),
                          value_of(program, positional));
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
    text += line(program, "__fish_use_subcommand", flag);
  }
  for (const Verb& verb : program.verbs) {
    text += lines_of(program, verb);
  }
  return text;
}

}  // namespace manual
