// split_mix: a hash of 64 bits that also makes random numbers, the finaliser of SplitMix64 (Steele,
// Lea and Flood 2014).
//
//   std::uint64_t key = split_mix(seed);
//   std::uint64_t n = split_mix(key + i * kSplitMixStride);   // the i-th of that key's numbers
//
// Left out: safety against someone who wants to guess the numbers.
#pragma once

#include <cstdint>

namespace wavenet {

inline constexpr std::uint64_t kSplitMixStride = 0x9e3779b97f4a7c15U;

inline std::uint64_t split_mix(std::uint64_t x) {
  x += kSplitMixStride;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// [0, 1), from the upper 53 bits of a number.
inline double unit_interval(std::uint64_t number) {
  return static_cast<double>(number >> 11) * 0x1p-53;
}

}  // namespace wavenet
