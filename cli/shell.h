// A word as a shell takes it: in quotes where it must be.
#pragma once

#include <string>
#include <string_view>

namespace cli {

std::string shell_word(std::string_view word);

}  // namespace cli
