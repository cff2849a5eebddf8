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

// A node of the set: the word, a pointer to the next, its hash; and a pointer of the table.
std::int64_t Sieve::bytes(std::int64_t count) const {
  constexpr auto kEach =
      static_cast<std::int64_t>(sizeof(std::string) + 2 * sizeof(void*) + sizeof(std::size_t));
  return options_.unique ? kEach * count : 0;
}

}  // namespace wavenet::generate
