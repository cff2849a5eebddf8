// The command line: the verbs and flags that the parser takes, the same as plain data, from which
// manuals are written, and what a user is told who misuses it.
//
//   CLI::App app("...", "wavenet");
//   Chosen chosen;
//   add_verbs(app, "wavenet train --steps 5", chosen);
//   app.parse(argc, argv);
//   return chosen();   // obeys the verb
//
// Left out: what a verb does, each in a file of its name.
#pragma once

#include <functional>
#include <string>

#include "manual/definition.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace cli {

// What the command line asks for; gives the exit code.
using Chosen = std::function<int()>;

// `command` is what was typed. `app` and `chosen` must stay until it is obeyed.
void add_verbs(CLI::App& app, const std::string& command, Chosen& chosen);

// Read from the parser that obeys it, so that no manual differs from what the program takes. Hidden
// verbs and flags are left out.
manual::Definition definition_of(const CLI::App& app);
manual::Verb verb_of(const CLI::App& app);

// One line with the nearest thing that is right.
std::string problem_of(const CLI::App& app, const CLI::ParseError& error);

}  // namespace cli
