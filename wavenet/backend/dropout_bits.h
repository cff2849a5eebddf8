// The random bits of dropout: a hash of a key and the element's number, so that every backend and
// any order of work drops the same elements, and nothing has to be stored for the way back.
//
//   const DropoutKey key(seed);
//   if (dropout_bits(key, i) < dropout_threshold(p)) { ... }   // true with probability p
//
// Two rounds of multiplying and folding 32 bits, which every instruction set has in vectors, the
// multipliers those of Wellons's low-bias hash (2018). Numbers repeat after 2^32 elements.
#pragma once

#include <cmath>
#include <cstdint>

#include "wavenet/base/split_mix.h"

namespace wavenet {

struct DropoutKey {
  explicit DropoutKey(std::uint64_t seed)
      : start(static_cast<std::uint32_t>(split_mix(seed))),
        between(static_cast<std::uint32_t>(split_mix(seed) >> 32)) {}
  std::uint32_t start;
  std::uint32_t between;  // else two keys could give one mask, shifted

  static constexpr std::uint32_t kStride = 0x9e3779b9U;
  static constexpr std::uint32_t kFirst = 0x7feb352dU;
  static constexpr std::uint32_t kSecond = 0x846ca68bU;
};

inline constexpr int kDropoutBits = 24;

// kDropoutBits of them.
inline std::uint32_t dropout_bits(const DropoutKey& key, std::uint32_t number) {
  std::uint32_t x = number * DropoutKey::kStride + key.start;
  x = (x ^ (x >> 16)) * DropoutKey::kFirst;
  x = (x ^ (x >> 15) ^ key.between) * DropoutKey::kSecond;
  return (x ^ (x >> 16)) >> (32 - kDropoutBits);
}

inline std::uint32_t dropout_threshold(double p) {
  return static_cast<std::uint32_t>(std::lround(p * (1 << kDropoutBits)));
}

}  // namespace wavenet
