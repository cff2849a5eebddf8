// Rng: PyTorch's CPU generator. One seed gives the numbers that torch.manual_seed would give.
//
//   Rng rng(42);
//   rng.fill_normal(weights);                        // torch.randn
//   const std::uint64_t row = rng.below(182'625);    // torch.randint
//
// Words, integers and uniform numbers are PyTorch's to the last bit; normal numbers may differ from
// it in a float's last bits, because PyTorch computes logarithms and sines by its own SIMD code.
// Left out: other distributions, and jumping ahead.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wavenet/base/mt19937.h"

namespace wavenet {

class Rng {
 public:
  // Like torch.manual_seed, uses the low 32 bits of the seed.
  Rng() : Rng(42) {}
  explicit Rng(std::uint64_t seed) : twister_(static_cast<std::uint32_t>(seed)) {}

  std::uint32_t next32() { return twister_.next(); }
  std::uint64_t next64();   // the first word is the high half
  float uniform_float();    // [0, 1) with 24 bits
  double uniform_double();  // [0, 1) with 53 bits
  // 0 <= result < high. A word modulo high, so slightly uneven for large `high`, as in PyTorch.
  std::uint64_t below(std::uint64_t high);

  // torch.randn(n). Below 16 numbers PyTorch makes pairs and keeps an odd one for a later call.
  void fill_normal(std::span<float> x);
  void fill_normal(std::span<double> x);

  // torch.multinomial(p, 1): a class drawn with odds p, which need not sum to 1. Throws Error for
  // a negative, infinite or NaN p, and when no class is possible.
  std::int64_t multinomial(std::span<const float> p);

  // Everything that the next numbers depend on, as the integers of a checkpoint's tensor.
  static constexpr std::size_t kStateSize = Mt19937::kWords + 4;
  std::vector<std::int32_t> state() const;
  void set_state(std::span<const std::int32_t> state);

 private:
  double next_normal();
  template <class T>
  void fill(std::span<T> x);

  Mt19937 twister_;
  std::optional<double> kept_normal_;
};

}  // namespace wavenet
