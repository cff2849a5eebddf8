// Compare: whether two sounds are the same take, at whatever level, one a little later than the other.
//
//   Likeness alike = compare(first, second, 8000, /*distance=*/160, /*radius=*/80);
//   if (alike.is_same_take()) { ... alike.distance, alike.decibels ... }
//
// By normalised correlation: first where the loudest half second of `first` fits best, then block by block.
// Left out: the same words spoken twice, whose waves differ.
#pragma once

#include <cstdint>
#include <span>

namespace wavenet::data {

struct Likeness {
  std::int64_t distance = 0;  // samples, of a passage in `second` after the same one in `first`
  double correlation = 0;     // of the loudest passage: -1 turned over, 1 the same
  double share = 0;           // of what is heard where the two overlap: that is alike
  double decibels = 0;        // second over first
  std::int64_t samples = 0;   // that are alike, in blocks of 50 ms
  bool is_same_take() const;
};

// Distances up to `radius` from `distance` are tried.
Likeness compare(std::span<const float> first, std::span<const float> second, double rate,
                 std::int64_t distance, std::int64_t radius);

}  // namespace wavenet::data
