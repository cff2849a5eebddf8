// How long sound is, for people, to the nearest second: "23:14 minutes", "1:02:03 hours".
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace wavenet::data {

inline std::string duration_text(double seconds) {
  const auto whole = std::llround(seconds);
  return whole < 3600
             ? fmt::format("{}:{:02} minutes", whole / 60, whole % 60)
             : fmt::format("{}:{:02}:{:02} hours", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace wavenet::data
