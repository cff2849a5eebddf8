#include "cli/usage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/verbs.h"
#include "wavenet/base/nearest.h"

namespace cli {
namespace {

// Names of flags and verbs that `app` knows, for hints.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  for (const CLI::App* verb : shown_verbs(app)) {
    words.push_back(verb->get_name());
  }
  return words;
}

// What may help with `word`, which `verb` does not know. A flag that is another verb's may be what
// this one takes without a flag, and the other way round.
std::string hint_for(const std::string& word, const CLI::App& verb) {
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_positional() ? option->get_name(true) : "";
    if (!name.empty() && "--" + CLI::detail::to_lower(name) == word) {
      return fmt::format("; {} stands without a flag", name);
    }
  }
  if (!word.starts_with('-') && verb.get_option_no_throw("--data") != nullptr) {
    return "; a file of data goes with --data";
  }
  const std::vector<std::string> known = known_words(verb);
  const bool before_its_verb = std::find(known.begin(), known.end(), word) != known.end();
  return before_its_verb ? "; it stands behind the verb" : wavenet::nearest_hint(word, known);
}

}  // namespace

std::string problem_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& at = chosen.empty() ? app : *chosen.front();
  const std::vector<std::string> rest = app.remaining(true);
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       (!chosen.empty() && !rest.empty() &&
                        dynamic_cast<const CLI::RequiredError*>(&error) != nullptr);
  if (unknown) {
    const std::string word = rest.empty() ? "" : rest.front().substr(0, rest.front().find('='));
    return fmt::format("unknown argument '{}'{}", word, hint_for(word, at));
  }
  if (chosen.empty() && !app.remaining().empty()) {  // CLI11 says only that a verb is missing
    const std::string verb = app.remaining().front();
    return fmt::format("unknown verb '{}'{}", verb, wavenet::nearest_hint(verb, known_words(app)));
  }
  if (chosen.empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
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
