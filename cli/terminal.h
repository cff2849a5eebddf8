// What is known of the terminal that standard error goes to.
//
//   if (terminal().live) { say::live("step 3/10"); }
//   std::string shown = paint(Colour::red, "error:");   // plain where colour is unwanted
//
// Left out: reading keys, moving the cursor up, characters wider than one column.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

struct Terminal {
  bool live;    // a line can be drawn over; elsewhere lines are plain and follow each other
  bool colour;  // live, and NO_COLOR is unset or empty (https://no-color.org)
  bool utf8;    // by the locale's name
};

// Of standard error, looked at once.
const Terminal& terminal();

// The width of a file's terminal now, as windows change; 0 where the file is no terminal.
std::size_t columns_of(int file);

enum class Colour { red = 31, green = 32, yellow = 33 };
// `text` in colour where standard error shows it.
std::string paint(Colour colour, std::string_view text);

}  // namespace cli
