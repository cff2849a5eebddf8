// What inspect says of an amplifier's file, a .nam.
#pragma once

#include <string>

namespace cli {

int inspect_amplifier(const std::string& path, bool json);

}  // namespace cli
