// Draft: one word on its way, with random numbers of its own.
//
//   Draft draft(options, seed, number);   // word `number` of seed's
//   while (auto token = draft.next(*sampler, sampler->prepare(raw))) { push(*token); ... }
//
// The numbers depend on seed and number alone, so a word is the same whether others are made beside
// it, before it or not at all. Left out: where what it draws from comes from.
#pragma once

#include <optional>

#include "wavenet/base/split_mix.h"
#include "wavenet/generate/options.h"

namespace wavenet::generate {

struct Word {
  std::vector<std::int32_t> tokens;  // without what ended it
  bool ended = false;                // by the end marker or the stop token, not by max_length
};

class Draft {
 public:
  Draft(const SampleOptions& options, std::uint64_t seed, std::uint64_t number)
      : stop_(options.stop),
        max_length_(static_cast<std::size_t>(options.max_length)),
        key_(split_mix(split_mix(seed) + number)),
        word_{options.prompt, false} {}

  // Draws a token from what the sampler prepared and adds it to the word; nothing, now and ever
  // after, when the word is whole.
  std::optional<std::int32_t> next(const output::Sampler& sampler, std::span<const float> prepared);
  const Word& word() const { return word_; }
  Word&& take() { return std::move(word_); }

 private:
  double uniform();  // [0, 1) with 53 bits

  std::int32_t stop_;
  std::size_t max_length_;
  std::uint64_t key_;
  Word word_;
};

}  // namespace wavenet::generate
