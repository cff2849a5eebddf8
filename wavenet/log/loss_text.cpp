#include "wavenet/log/loss_text.h"

#include <fmt/format.h>

#include <cmath>

namespace wavenet {

std::string loss_text(double loss) {
  constexpr double kSmall = 1e-3;  // an error-to-signal ratio may be, a likelihood's loss hardly
  constexpr double kLarge = 1e4;   // more digits say nothing, and have no room
  if (!std::isfinite(loss)) {
    return "not a number";
  }
  const double size = std::abs(loss);
  return size >= kLarge                ? fmt::format("{:.3g}", loss)
         : size == 0 || size >= kSmall ? fmt::format("{:.4f}", loss)
                                       : fmt::format("{:#.2g}", loss);
}

}  // namespace wavenet
