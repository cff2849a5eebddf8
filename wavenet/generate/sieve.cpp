#include "wavenet/generate/sieve.h"

namespace wavenet::generate {

bool Sieve::keeps(const std::string& word) {
  if (options_.known != nullptr && options_.known->contains(word)) {
    ++left_out_.known;
    return false;
  }
  if (options_.unique && !said_.insert(word).second) {
    ++left_out_.repeats;
    return false;
  }
  return true;
}

std::int64_t Sieve::most_draws(std::int64_t count) const {
  constexpr std::int64_t kDraws = 1'000;
  constexpr std::int64_t kDrawsAWord = 100;
  const bool keeps_all = !options_.unique && options_.known == nullptr;
  return keeps_all ? count : kDraws + kDrawsAWord * count;
}

}  // namespace wavenet::generate
