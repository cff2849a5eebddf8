// Activation: what bends a convolution's result, with its constants.
//
//   backend().activate({.curve = Curve::leaky, .slope_below = 0.01}, z, a);
//
// Left out: slopes that are learned.
#pragma once

#include <cstdint>

namespace wavenet {

enum class Curve : std::uint8_t {
  tanh,
  sigmoid,
  softsign,    // x / (1 + |x|)
  leaky,       // below 0 times slope_below; ReLU where that is 0
  bounded,     // itself from least to most, and from the edges on with slopes of its own
  silu,        // x sigmoid(x)
  hard_swish,  // x clamp(x + 3, 0, 6) / 6
};

struct Activation {
  Curve curve = Curve::tanh;
  double slope_below = 0;
  double slope_above = 0;  // of bounded alone, as the edges
  double least = -1;
  double most = 1;
};

// Whether the slope is told by the result, as where the curve only rises; else by what was bent.
constexpr bool slope_is_in_result(const Activation& activation) {
  switch (activation.curve) {
    case Curve::silu:
    case Curve::hard_swish:
      return false;
    case Curve::leaky:
      return activation.slope_below >= 0;
    case Curve::bounded:
      return activation.slope_below >= 0 && activation.slope_above >= 0;
    case Curve::tanh:
    case Curve::sigmoid:
    case Curve::softsign:
      return true;
  }
  return false;
}

}  // namespace wavenet
