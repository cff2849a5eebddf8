// What a user is told who misuses the command line: one line with the nearest thing that is right.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace cli {

std::string problem_of(const CLI::App& app, const CLI::ParseError& error);

}  // namespace cli
