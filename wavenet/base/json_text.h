// What the readers of JSON (recipes, safetensors headers) share: errors that fit on one line.
//
//   one_line_problem(exception.what())   // "syntax error while parsing value - invalid literal"
//   position_in(text, 57)                // "line 3, column 7"
//
// Left out: JSON itself; each reader includes nlohmann's parser in its .cpp alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wavenet {

// nlohmann's message without its error code and without the text it quotes, which may be long.
std::string one_line_problem(std::string_view message);

// Both numbers count from 1; the column counts bytes. `offset` is a byte offset into `text`.
std::string position_in(std::string_view text, std::size_t offset);

}  // namespace wavenet
