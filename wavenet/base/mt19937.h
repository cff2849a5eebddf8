// Mt19937: the Mersenne twister, whose 624 words can be saved and restored.
//
//   Mt19937 twister(42);
//   std::uint32_t word = twister.next();
//   const Mt19937::State saved = twister.state();  // later: twister.set_state(saved)
//
// Left out: distributions (see rng.h and python_random.h). std::mt19937 gives its state only as
// text, and has no init_by_array.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wavenet {

class Mt19937 {
 public:
  static constexpr std::size_t kWords = 624;
  // The words, then how many of them have been handed out (0 to 624).
  using State = std::array<std::uint32_t, kWords + 1>;

  // init_genrand: what torch.manual_seed and std::mt19937 use.
  explicit Mt19937(std::uint32_t seed);
  // init_by_array: what CPython uses. The key must not be empty.
  static Mt19937 from_array(std::span<const std::uint32_t> key);

  std::uint32_t next();

  State state() const;
  // Throws Error when the position is beyond 624.
  void set_state(const State& state);

 private:
  void twist();

  std::array<std::uint32_t, kWords> words_;
  std::size_t position_ = kWords;
};

}  // namespace wavenet
