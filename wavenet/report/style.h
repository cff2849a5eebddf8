// Style: the looks of a page and of the drawings in it, light and dark.
//
//   std::string head = "<style>" + page_style() + "</style>";
//   std::string file = alone(figure.draw(kWide));   // an .svg with its own colours, on white
//
// Left out: layout that depends on data.
#pragma once

#include <string>
#include <string_view>

namespace wavenet::report {

std::string page_style();

// Lets a column of the receptive field be pointed at, touched or reached by the keyboard.
std::string_view page_script();

// `svg` as a file of its own: other programs know no variables, so colours are written out.
std::string alone(std::string_view svg);

}  // namespace wavenet::report
