#include "wavenet/base/rng.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr std::size_t kBlock = 16;

// Turns 16 uniform numbers into 16 normal ones (Box and Muller), in place.
template <class T>
void uniform_to_normal(std::span<T> block) {
  for (std::size_t j = 0; j < kBlock / 2; ++j) {
    const T radius = std::sqrt(T{-2} * std::log(T{1} - block[j]));
    const T angle = T{2} * std::numbers::pi_v<T> * block[j + kBlock / 2];
    block[j] = radius * std::cos(angle);
    block[j + kBlock / 2] = radius * std::sin(angle);
  }
}

}  // namespace

std::uint64_t Rng::next64() {
  const std::uint64_t high = next32();
  return high << 32 | next32();
}

float Rng::uniform_float() { return static_cast<float>(next32() & 0xffffffU) * 0x1p-24F; }

double Rng::uniform_double() {
  return static_cast<double>(next64() & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
}

std::uint64_t Rng::below(std::uint64_t high) {
  check(high > 0, "rng: below needs a bound of at least 1");
  return high >> 32 == 0 ? next32() % high : next64() % high;
}

double Rng::next_normal() {
  if (kept_normal_) {
    const double kept = *kept_normal_;
    kept_normal_.reset();
    return kept;
  }
  const double u1 = uniform_double();
  const double u2 = uniform_double();
  const double radius = std::sqrt(-2.0 * std::log1p(-u2));
  const double angle = 2.0 * std::numbers::pi * u1;
  kept_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

template <class T>
void Rng::fill(std::span<T> x) {
  if (x.size() < kBlock) {
    std::generate(x.begin(), x.end(), [&] { return static_cast<T>(next_normal()); });
    return;
  }
  const auto uniform = [&] {
    if constexpr (std::is_same_v<T, float>) {
      return uniform_float();
    } else {
      return uniform_double();
    }
  };
  std::generate(x.begin(), x.end(), uniform);
  for (std::size_t i = 0; i + kBlock <= x.size(); i += kBlock) {
    uniform_to_normal(x.subspan(i, kBlock));
  }
  if (x.size() % kBlock != 0) {  // PyTorch draws a whole block again for the ragged end
    const std::span<T> last = x.last(kBlock);
    std::generate(last.begin(), last.end(), uniform);
    uniform_to_normal(last);
  }
}

void Rng::fill_normal(std::span<float> x) { fill(x); }
void Rng::fill_normal(std::span<double> x) { fill(x); }

std::int64_t Rng::multinomial(std::span<const float> p) {
  std::int64_t best = -1;
  float best_score = 0.0F;
  for (std::size_t k = 0; k < p.size(); ++k) {
    check(p[k] >= 0.0F && std::isfinite(p[k]),
          "multinomial: the weight of class {} is {}; it must be finite and not negative", k, p[k]);
    // Drawn for impossible classes too: the stream must not depend on p.
    const float q = static_cast<float>(-std::log1p(-uniform_double()));
    if (p[k] > 0.0F && (best < 0 || p[k] / q > best_score)) {
      best = static_cast<std::int64_t>(k);
      best_score = p[k] / q;
    }
  }
  check(best >= 0, "multinomial: none of the {} classes has a weight above 0", p.size());
  return best;
}

std::vector<std::int32_t> Rng::state() const {
  std::vector<std::int32_t> words;
  words.reserve(kStateSize);
  for (std::uint32_t word : twister_.state()) {
    words.push_back(std::bit_cast<std::int32_t>(word));
  }
  const auto kept = std::bit_cast<std::uint64_t>(kept_normal_.value_or(0.0));
  words.push_back(kept_normal_ ? 1 : 0);
  words.push_back(std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(kept >> 32)));
  words.push_back(std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(kept)));
  return words;
}

void Rng::set_state(std::span<const std::int32_t> state) {
  check(state.size() == kStateSize, "rng: a state has {} words, got {}", kStateSize, state.size());
  const auto word = [&](std::size_t i) { return std::bit_cast<std::uint32_t>(state[i]); };
  Mt19937::State words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = word(i);
  }
  const std::uint32_t has_kept = word(words.size());
  check(has_kept <= 1, "rng: a state's mark of a kept number is 0 or 1, got {}", has_kept);
  const auto kept = std::bit_cast<double>(std::uint64_t{word(kStateSize - 2)} << 32 |
                                          std::uint64_t{word(kStateSize - 1)});
  check(std::isfinite(kept), "rng: a state's kept number is {}", kept);
  twister_.set_state(words);
  kept_normal_ = has_kept == 1 ? std::optional(kept) : std::nullopt;
}

}  // namespace wavenet
