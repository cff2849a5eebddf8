// What convert does with an amplifier's model.
#pragma once

#include "cli/arguments.h"

namespace cli {

// Writes the .nam file that players load.
int convert_to_nam(const ConvertArguments& arguments);

}  // namespace cli
