// Man pages, shell completions and --help, all written from the command line's definition.
//
//   write_manuals(program, "build/release/manuals");
//
// writes man1/wavenet.1, man1/wavenet-VERB.1, bash/wavenet, zsh/_wavenet and fish/wavenet.fish; the
// build does so, and CMake installs them.
#pragma once

#include <filesystem>
#include <string>

#include "manual/definition.h"

namespace manual {

void write_manuals(const Definition& program, const std::filesystem::path& folder);

// What --help prints, lines of at most `columns` characters.
std::string help(const Definition& program, std::size_t columns);
std::string help(const std::string& program, const Verb& verb, std::size_t columns);

// Pages in the man macros of roff.
std::string man_page(const Definition& program);
std::string man_page(const Definition& program, const Verb& verb);

std::string bash_completion(const Definition& program);
std::string zsh_completion(const Definition& program);
std::string fish_completion(const Definition& program);

}  // namespace manual
