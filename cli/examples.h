// Examples: commands that show what a verb is for, in its --help and on its man page.
//
//   for (const std::string& command : examples_of("sample")) { ... }
#pragma once

#include <string>
#include <vector>

namespace cli {

// Whole command lines; none for a verb that is unknown or needs none.
std::vector<std::string> examples_of(const std::string& verb);

}  // namespace cli
