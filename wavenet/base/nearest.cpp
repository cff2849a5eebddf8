#include "wavenet/base/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace wavenet {
namespace {

constexpr std::size_t kLongestName = 100;  // longer words are no typos, and would cost time

// Insertions, deletions, replacements and swaps of neighbours that turn a into b.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        at(i, j) = i + j;
        continue;
      }
      const std::size_t replaced = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return cost.back();
}

}  // namespace

std::string nearest_hint(std::string_view word, std::span<const std::string> known) {
  if (word.size() < 3 || word.size() > kLongestName) {
    return "";
  }
  const std::string* nearest = nullptr;
  std::size_t least = kLongestName;
  for (const std::string& name : known) {
    if (name.size() > kLongestName) {
      continue;
    }
    const std::size_t allowed = std::max(word.size(), name.size()) / 3;
    const std::size_t distance = name.starts_with(word) ? 0 : edit_distance(word, name);
    if (distance <= allowed && distance < least) {
      nearest = &name;
      least = distance;
    }
  }
  return nearest == nullptr ? "" : fmt::format("; did you mean '{}'?", *nearest);
}

}  // namespace wavenet
