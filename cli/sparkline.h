// A row of numbers as a row of bars, the lowest number as the lowest bar.
//
//   sparkline(losses, /*utf8=*/true);    // █▅▃▂▁
//   sparkline(losses, /*utf8=*/false);   // #*=._
//
// Left out: a scale; the numbers beside it tell.
#pragma once

#include <span>
#include <string>

namespace cli {

// One character a value; '?' for what is not finite.
std::string sparkline(std::span<const double> values, bool utf8);

}  // namespace cli
