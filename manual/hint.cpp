#include "manual/hint.h"

#include <algorithm>
#include <cctype>

#include "wavenet/base/nearest.h"

namespace manual {
namespace {

using Words = std::vector<std::string>;

// Whole names, without single letters.
Words names_of(const std::vector<Argument>& flags) {
  Words names;
  for (const Argument& flag : flags) {
    std::copy_if(flag.names.begin(), flag.names.end(), std::back_inserter(names),
                 [](const std::string& name) { return name.starts_with("--"); });
  }
  return names;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string as_flag(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return "--" + name;
}

}  // namespace

std::string hint_of_verb(const std::string& word, const Definition& program) {
  Words known = names_of(program.flags);
  for (const Verb& verb : program.verbs) {
    known.push_back(verb.name);
  }
  return wavenet::nearest_hint(word, known);
}

// A flag that is another verb's may be what this one takes without a flag, and the other way round.
std::string hint_of_argument(const std::string& word, const Verb& verb) {
  for (const Argument& positional : verb.positionals) {
    if (as_flag(positional.value) == word) {
      return "; " + positional.value + " stands without a flag";
    }
  }
  const Words known = names_of(verb.flags);
  if (!word.starts_with('-') && contains(known, "--data")) {
    return "; a file of data goes with --data";
  }
  return contains(known, word) ? "; it stands behind the verb" : wavenet::nearest_hint(word, known);
}

}  // namespace manual
