// The arithmetic of modified Kneser-Ney smoothing on counts that somebody else holds. Only
// ngram.h and ngram.cpp use it.
//
//   Discounts discounts = discounts_of(counts_of_an_order);
//   Mass mass = mass_of(counts_in_a_context, discounts);
//   p[w] = (discounted(counts[w], discounts) + mass.given_up * p_below[w]) / mass.total;
//
// Left out: what is counted (see ngram.h).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wavenet::baselines {

// D by count, 3 standing for more.
using Discounts = std::array<double, 4>;

inline constexpr Discounts kFallbackDiscounts{0, 0.5, 1, 1.5};

inline std::size_t capped(std::uint32_t count) { return std::min<std::size_t>(count, 3); }

// From the counts of counts of one order; the fallback where they are too few to tell.
inline Discounts discounts_of(std::span<const std::uint32_t> counts) {
  std::array<double, 5> n{};  // n[i]: how many counts are i
  for (const std::uint32_t count : counts) {
    if (count < n.size()) {
      ++n[count];
    }
  }
  if (std::any_of(n.begin() + 1, n.end(), [](double ni) { return ni < 1; })) {
    return kFallbackDiscounts;
  }
  const double y = n[1] / (n[1] + 2 * n[2]);
  const Discounts discounts{0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2],
                            3 - 4 * y * n[4] / n[3]};
  // Never above the count, as nothing is added to it; at 0 a context could leave nothing to others.
  const bool proper = std::all_of(discounts.begin() + 1, discounts.end(),
                                  [](double discount) { return discount > 0; });
  return proper ? discounts : kFallbackDiscounts;
}

inline double discounted(std::uint32_t count, const Discounts& discounts) {
  return static_cast<double>(count) - discounts[capped(count)];
}

// What a context has, c(h), and what its followers give up: D1 N1 + D2 N2 + D3 N3.
struct Mass {
  double total = 0;
  double given_up = 0;
};

inline Mass mass_of(std::span<const std::uint32_t> counts, const Discounts& discounts) {
  std::uint64_t total = 0;
  std::array<std::uint64_t, 4> n{};
  for (const std::uint32_t count : counts) {
    total += count;
    ++n[capped(count)];
  }
  return {static_cast<double>(total), discounts[1] * static_cast<double>(n[1]) +
                                          discounts[2] * static_cast<double>(n[2]) +
                                          discounts[3] * static_cast<double>(n[3])};
}

}  // namespace wavenet::baselines
