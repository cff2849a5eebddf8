// Png: a picture of few colours as the bytes of a PNG file.
//
//   const std::string png = png_of({.columns = 2, .rows = 1, .pixels = {0, 1}}, {{{0, 0, 0}, {255, 255, 255}}});
//
// Left out: other kinds of pictures, reading.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wavenet::report {

struct Picture {
  std::int64_t columns = 0;
  std::int64_t rows = 0;
  std::vector<std::uint8_t> pixels;  // row by row from the top; places in a palette
};

using Rgb = std::array<std::uint8_t, 3>;

// palette: 1 to 256 colours.
std::string png_of(const Picture& picture, const std::vector<Rgb>& palette);

}  // namespace wavenet::report
