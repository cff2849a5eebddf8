// Completion for bash: a function that looks up the verb, then the flag before the cursor.
#include <fmt/format.h>

#include "manual/manuals.h"

namespace manual {
namespace {

constexpr const char* kBegin =
    R"(# Completion of the wavenet command line for bash, written by the program's build.
_wavenet() {
  local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]} verb= words= files= i
  # --recipe=tree comes as three words.
  if [[ $word == "=" ]]; then
    word=
  elif [[ $flag == "=" ]]; then
    flag=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      verb=${COMP_WORDS[i]}
      break
    fi
  done
  case $verb in
)";

constexpr const char* kEnd = R"(  esac
  COMPREPLY=()
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
  if [[ -n $files ]]; then
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$files" -- "$word")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _wavenet wavenet
)";

std::string all_names(const std::vector<Argument>& flags) {
  std::string text;
  for (const Argument& flag : flags) {
    text += fmt::format("{}{}", text.empty() ? "" : " ", fmt::join(flag.names, " "));
  }
  return text;
}

constexpr const char* kAnything = ":";

// What the value may be, as an assignment.
std::string answer(const Definition& program, const Argument& argument) {
  return completed(program, argument,
                   {.nothing = kAnything,
                    .files = "files=-f",
                    .folders = "files=-d",
                    .recipes = "words='{}' files=-f",
                    .choices = "words='{}'"});
}

std::string flags_or(const std::vector<Argument>& flags, const std::string& otherwise) {
  return fmt::format("if [[ $word == -* ]]; then words='{}'; else {}; fi", all_names(flags),
                     otherwise);
}

std::string case_of(const Definition& program, const Verb& verb) {
  std::string text = fmt::format("    {})\n      case $flag in\n", verb.name);
  for (const Argument& flag : verb.flags) {
    if (!flag.value.empty()) {
      text +=
          fmt::format("        {}) {} ;;\n", fmt::join(flag.names, " | "), answer(program, flag));
    }
  }
  const std::string positional =
      verb.positionals.empty() ? kAnything : answer(program, verb.positionals.front());
  return text +
         fmt::format("        *) {} ;;\n      esac\n      ;;\n", flags_or(verb.flags, positional));
}

}  // namespace

std::string bash_completion(const Definition& program) {
  std::string verbs;
  std::string cases;
  for (const Verb& verb : program.verbs) {
    verbs += (verbs.empty() ? "" : " ") + verb.name;
    cases += case_of(program, verb);
  }
  return kBegin + fmt::format("    '') {} ;;\n", flags_or(program.flags, "words='" + verbs + "'")) +
         cases + kEnd;
}

}  // namespace manual
