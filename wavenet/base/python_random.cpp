#include "wavenet/base/python_random.h"

#include <array>
#include <bit>
#include <span>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

// CPython's key is the seed's 32-bit digits, the lowest first, without leading zeros.
Mt19937 seeded(std::uint64_t seed) {
  const std::array<std::uint32_t, 2> digits{static_cast<std::uint32_t>(seed),
                                            static_cast<std::uint32_t>(seed >> 32)};
  return Mt19937::from_array(std::span(digits).first(digits[1] == 0 ? 1 : 2));
}

}  // namespace

PythonRandom::PythonRandom(std::uint64_t seed) : twister_(seeded(seed)) {}

std::uint32_t PythonRandom::getrandbits(int bits) {
  check(bits >= 0 && bits <= 32, "getrandbits: 0 to 32 bits, got {}", bits);
  return bits == 0 ? 0 : twister_.next() >> (32 - bits);
}

std::uint32_t PythonRandom::below(std::uint64_t n) {
  check(n >= 1 && n >> 32 == 0, "python_random: a bound is from 1 to 2^32 - 1, got {}", n);
  const int bits = static_cast<int>(std::bit_width(n));
  std::uint32_t drawn = getrandbits(bits);
  while (drawn >= n) {
    drawn = getrandbits(bits);
  }
  return drawn;
}

}  // namespace wavenet
