// PythonRandom: CPython's random.Random, so that a shuffle here is random.shuffle there.
//
//   PythonRandom random(42);
//   random.shuffle(words);
//
// Left out: bounds of 2^32 and more, floats, and every other method of the original.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "wavenet/base/mt19937.h"

namespace wavenet {

class PythonRandom {
 public:
  // random.seed(seed)
  explicit PythonRandom(std::uint64_t seed);

  // `bits` random bits, 0 to 32.
  std::uint32_t getrandbits(int bits);
  // 0 <= result < n by rejection; 1 <= n < 2^32.
  std::uint32_t below(std::uint64_t n);

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(i)]);
    }
  }

 private:
  Mt19937 twister_;
};

}  // namespace wavenet
