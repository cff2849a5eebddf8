// A command line as plain data, from which help, man pages and shell completions are written.
//
//   for (const Verb& verb : program.verbs) { for (const Argument& flag : verb.flags) ... }
//   completed(program, flag, {.files = "_files", ...})   // "_files", as the value is a FILE
//
// What completes a value follows from its name: FILE, DIR, MODEL, RECIPE, or one|of|several.
// Left out: reading it from a parser, which the program does.
#pragma once

#include <string>
#include <vector>

namespace manual {

struct Argument {
  std::vector<std::string> names;  // "-h", "--help"; of a positional its one name
  std::string value;               // "RECIPE"; empty for a switch
  std::string about;
  std::vector<std::string> remarks;  // "at least 1", "default 42", "not with --seed"
  bool required;
  bool repeats;
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
  std::string version;
  std::string about;
  std::vector<Argument> flags;  // without a verb
  std::vector<Verb> verbs;
  std::vector<std::string> recipes;
};

// "wavenet sample [OPTIONS] MODEL", as words; flags that are required stand among them.
std::vector<std::string> synopsis(const std::string& program, const Verb& verb);
// "how many (at least 1; default 20)"
std::string description(const Argument& argument);

enum class Completes { nothing, files, folders, recipes, choices };
Completes completes(const std::string& value);

// What a shell is told of a value, by what completes it; {} stands for the words it may be.
struct Ways {
  const char* nothing;
  const char* files;
  const char* folders;
  const char* recipes;
  const char* choices;
};
std::string completed(const Definition& program, const Argument& argument, const Ways& ways);

}  // namespace manual
