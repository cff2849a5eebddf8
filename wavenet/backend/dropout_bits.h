// The random bits of dropout: a hash of a key and the element's number, so that every backend and
// any order of work drops the same elements, and nothing has to be stored for the way back.
//
//   if (dropout_bits(key, i) < dropout_threshold(p)) { ... }   // true with probability p
//
// The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014); one hash serves four
// elements, 16 bits each. Left out: probabilities finer than 1/65536.
#pragma once

#include <cmath>
#include <cstdint>

namespace wavenet {

inline constexpr std::uint64_t kStride = 0x9e3779b97f4a7c15U;  // from hash to hash

inline std::uint64_t split_mix(std::uint64_t x) {
  x += kStride;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// 0 to 65535.
inline std::uint64_t dropout_bits(std::uint64_t key, std::uint64_t number) {
  return split_mix(key + number / 4 * kStride) >> (number % 4 * 16) & 0xffffU;
}

inline std::uint64_t dropout_threshold(double p) {
  return static_cast<std::uint64_t>(std::lround(p * 65536));
}

}  // namespace wavenet
