// --help: names on the left, what they do on the right, wrapped to the terminal.
#include <fmt/format.h>

#include "manual/manuals.h"
#include "manual/wrapped.h"

namespace manual {
namespace {

constexpr std::size_t kNames = 28;       // columns that names take
constexpr std::size_t kSideBySide = 60;  // columns from which texts stand beside names

std::string entry(const std::string& name, const std::string& text, std::size_t columns) {
  const std::string left = "  " + name;
  if (columns < kSideBySide) {
    return left + "\n" + wrapped("", text, 6, columns);
  }
  return left.size() + 2 > kNames ? left + "\n" + wrapped("", text, kNames, columns)
                                  : wrapped(left, text, kNames, columns);
}

std::string entries(const char* title, const std::vector<Argument>& arguments,
                    std::size_t columns) {
  std::string text = arguments.empty() ? "" : fmt::format("\n{}:\n", title);
  for (const Argument& argument : arguments) {
    const bool named = argument.names.front().starts_with('-');
    const std::string value = named && !argument.value.empty() ? " " + argument.value : "";
    text += entry(fmt::format("{}{}", fmt::join(argument.names, ", "), value),
                  description(argument), columns);
  }
  return text;
}

std::string examples(const std::vector<std::string>& commands, std::size_t columns) {
  std::string text = commands.empty() ? "" : "\nExamples:\n";
  for (const std::string& command : commands) {
    text += wrapped("", command, 2, columns);
  }
  return text;
}

std::string usage(const std::vector<std::string>& words, std::size_t columns) {
  return wrapped("", fmt::format("Usage: {}", fmt::join(words, " ")), 0, columns);
}

}  // namespace

std::string help(const Definition& program, std::size_t columns) {
  std::string text = wrapped("", program.about, 0, columns) +
                     usage({program.name, "[OPTIONS]", "VERB"}, columns) +
                     entries("Options", program.flags, columns) + "\nVerbs:\n";
  for (const Verb& verb : program.verbs) {
    text += entry(verb.name, verb.about, columns);
  }
  return text + "\n" + wrapped("", program.name + " VERB --help tells more of a verb.", 0, columns);
}

std::string help(const std::string& program, const Verb& verb, std::size_t columns) {
  return wrapped("", verb.about, 0, columns) + usage(synopsis(program, verb), columns) +
         entries("Arguments", verb.positionals, columns) + entries("Options", verb.flags, columns) +
         examples(verb.examples, columns);
}

}  // namespace manual
