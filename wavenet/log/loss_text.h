// A loss as people read it: four decimals, or where these would say little, two digits.
//
//   std::string text = loss_text(1.9931);   // "1.9931"; of 0.000331: "0.00033"
#pragma once

#include <string>

namespace wavenet {

// "not a number" of what is not finite.
std::string loss_text(double loss);

}  // namespace wavenet
