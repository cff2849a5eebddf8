// The verbs of the program and their flags.
//
//   CLI::App app("...", "wavenet");
//   Chosen chosen;
//   add_verbs(app, "wavenet train --steps 5", chosen);
//   app.parse(argc, argv);
//   return chosen();   // obeys the verb
//
// Left out: what a verb does, each in a file of its name, and what is said of misuse (usage.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

// What the command line asks for; gives the exit code.
using Chosen = std::function<int()>;

// `command` is what was typed. `app` and `chosen` must stay until it is obeyed.
void add_verbs(CLI::App& app, const std::string& command, Chosen& chosen);

// Those that help lists.
std::vector<const CLI::App*> shown_verbs(const CLI::App& app);

}  // namespace cli
