// shell_word: a word as a shell takes it, in quotes where it must be.
//
//   shell_word("names.txt") == "names.txt"
//   shell_word("my names.txt") == "'my names.txt'"
//
// Left out: what begins with a hyphen is an option to most commands, quoted or not.
#pragma once

#include <string>
#include <string_view>

namespace wavenet {

std::string shell_word(std::string_view word);

}  // namespace wavenet
