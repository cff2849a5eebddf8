// The random bits of dropout: a hash of a key and the element's number, so that every backend and
// any order of work drops the same elements, and nothing has to be stored for the way back.
//
//   if (dropout_bits(key, i) < dropout_threshold(p)) { ... }   // true with probability p
//
// One hash serves four elements, 16 bits each. Left out: probabilities finer than 1/65536.
#pragma once

#include <cmath>
#include <cstdint>

#include "wavenet/base/split_mix.h"

namespace wavenet {

// 0 to 65535.
inline std::uint64_t dropout_bits(std::uint64_t key, std::uint64_t number) {
  return split_mix(key + number / 4 * kSplitMixStride) >> (number % 4 * 16) & 0xffffU;
}

inline std::uint64_t dropout_threshold(double p) {
  return static_cast<std::uint64_t>(std::lround(p * 65536));
}

}  // namespace wavenet
