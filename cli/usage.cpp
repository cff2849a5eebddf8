#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "manual/hint.h"

namespace cli {

std::string problem_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const std::vector<std::string> rest = app.remaining(true);
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       (lacks && !chosen.empty() && !rest.empty());
  if (unknown) {
    const std::string word = rest.empty() ? "" : rest.front().substr(0, rest.front().find('='));
    const manual::Verb verb = verb_of(chosen.empty() ? app : *chosen.front());
    return fmt::format("unknown argument '{}'{}", word, manual::hint_of_argument(word, verb));
  }
  if (chosen.empty() && !app.remaining().empty()) {  // CLI11 says only that a verb is missing
    const std::string verb = app.remaining().front();
    return fmt::format("unknown verb '{}'{}", verb, manual::hint_of_verb(verb, definition_of(app)));
  }
  if (chosen.empty() && lacks) {
    return "no verb given; `wavenet --help` lists them";
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    // "--steps: 1 required INT missing", "--steps: At most 1 required but received 2"
    const std::string text = error.what();
    const bool twice = text.find("At most") != text.npos || text.find("received") != text.npos;
    return text.substr(0, text.find(':')) + (twice ? ": given more than once" : ": needs a value");
  }
  return error.what();
}

}  // namespace cli
