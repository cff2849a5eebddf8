// shell_word: a word as a shell takes it, in quotes where it must be; shell_words: the other way.
//
//   shell_word("names.txt") == "names.txt"
//   shell_word("my names.txt") == "'my names.txt'"
//   shell_words("cat 'my names.txt'") == {"cat", "'my names.txt'"}
//
// Left out: what begins with a hyphen is an option to most commands, quoted or not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wavenet {

std::string shell_word(std::string_view word);
// The words of a command that was made of words by shell_word and of blanks between them, each still
// in its quotes.
std::vector<std::string> shell_words(std::string_view command);

}  // namespace wavenet
