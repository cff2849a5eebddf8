#include "wavenet/base/mt19937.h"

#include <algorithm>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr std::size_t kShift = 397;
constexpr std::uint32_t kTopBit = 0x80000000U;
constexpr std::uint32_t kMatrix = 0x9908b0dfU;

}  // namespace

Mt19937::Mt19937(std::uint32_t seed) {
  words_[0] = seed;
  for (std::size_t i = 1; i < kWords; ++i) {
    const std::uint32_t previous = words_[i - 1];
    words_[i] = 1812433253U * (previous ^ (previous >> 30)) + static_cast<std::uint32_t>(i);
  }
}

Mt19937 Mt19937::from_array(std::span<const std::uint32_t> key) {
  check(!key.empty(), "mt19937: a key needs at least one word");
  Mt19937 twister(19650218U);
  auto& words = twister.words_;
  std::size_t i = 1;
  const auto mixed = [&](std::uint32_t factor) {
    const std::uint32_t previous = words[i - 1];
    return words[i] ^ ((previous ^ (previous >> 30)) * factor);
  };
  const auto advance = [&] {
    if (++i == kWords) {
      words[0] = words[kWords - 1];
      i = 1;
    }
  };
  for (std::size_t step = 0, j = 0; step < std::max(kWords, key.size()); ++step) {
    words[i] = mixed(1664525U) + key[j] + static_cast<std::uint32_t>(j);
    advance();
    j = j + 1 == key.size() ? 0 : j + 1;
  }
  for (std::size_t step = 1; step < kWords; ++step) {
    words[i] = mixed(1566083941U) - static_cast<std::uint32_t>(i);
    advance();
  }
  words[0] = kTopBit;  // so that the state is never all zero
  return twister;
}

std::uint32_t Mt19937::next() {
  if (position_ == kWords) {
    twist();
  }
  std::uint32_t y = words_[position_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

void Mt19937::twist() {
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t next = words_[i + 1 == kWords ? 0 : i + 1];
    const std::uint32_t y = (words_[i] & kTopBit) | (next & ~kTopBit);
    const std::size_t partner = i + kShift < kWords ? i + kShift : i + kShift - kWords;
    words_[i] = words_[partner] ^ (y >> 1) ^ ((y & 1U) != 0 ? kMatrix : 0U);
  }
  position_ = 0;
}

Mt19937::State Mt19937::state() const {
  State state;
  std::copy(words_.begin(), words_.end(), state.begin());
  state[kWords] = static_cast<std::uint32_t>(position_);
  return state;
}

void Mt19937::set_state(const State& state) {
  check(state[kWords] <= kWords, "mt19937: a state's position is at most {}, got {}", kWords,
        state[kWords]);
  std::copy_n(state.begin(), kWords, words_.begin());
  position_ = state[kWords];
}

}  // namespace wavenet
