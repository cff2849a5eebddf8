// The command line as plain data, read from the parser that obeys it, so that what is written from it
// cannot differ from what the program takes.
//
//   manual::write_manuals(definition_of(app), folder);
//
// Left out: hidden verbs and flags.
#pragma once

#include "manual/definition.h"

namespace CLI {
class App;
}

namespace cli {

manual::Definition definition_of(const CLI::App& app);
// Of a verb alone.
manual::Verb verb_of(const CLI::App& app);

}  // namespace cli
