// The command line as plain data, read from the parser that obeys it. Help, man pages and shell
// completions are written from here, so they cannot differ from what the program takes.
//
//   const Definition program = definition_of(app);
//   for (const Verb& verb : program.verbs) { for (const Argument& flag : verb.flags) ... }
//
// What completes a value follows from its name: FILE, DIR, MODEL, RECIPE, or one|of|several.
// Left out: hidden verbs and flags.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

enum class Completes { nothing, files, folders, recipes, choices };

struct Argument {
  std::vector<std::string> names;  // "-h", "--help"; of a positional its one name
  std::string value;               // "RECIPE"; empty for a switch
  std::string about;
  std::vector<std::string> remarks;  // "at least 1", "default 42", "not with --seed"
  bool required;
  bool repeats;
  Completes completes;
  std::vector<std::string> choices;  // recipes too
};

struct Verb {
  std::string name;
  std::string about;
  std::vector<Argument> positionals;
  std::vector<Argument> flags;
  std::vector<std::string> examples;  // whole commands
};

struct Definition {
  std::string name;
  std::string about;
  std::vector<Argument> flags;  // without a verb
  std::vector<Verb> verbs;
};

Definition definition_of(const CLI::App& app);
// Of a verb alone.
Verb verb_of(const CLI::App& app);

// "wavenet sample [OPTIONS] MODEL", as words; flags that are required stand among them.
std::vector<std::string> synopsis(const std::string& program, const Verb& verb);
// "how many (at least 1; default 20)"
std::string description(const Argument& argument);

}  // namespace cli
