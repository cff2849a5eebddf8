// Generator: one word, token by token, as fast as the caller asks.
//
//   generate::Generator generator(*model, {.prompt = prompt}, /*seed=*/42);
//   while (std::optional<std::int32_t> token = generator.next()) { show(*token); }
//   Word word = generator.rest([](std::int32_t token) { show(token); });   // or all at once
//
// Gives the same word as Words does under that number. Left out: many words (words.h).
#pragma once

#include <functional>

#include "wavenet/generate/draft.h"
#include "wavenet/generate/stream.h"

namespace wavenet::generate {

class Generator {
 public:
  // Throws UsageError for options out of range, Error for a prompt's token outside the vocabulary.
  Generator(const models::Model& model, const SampleOptions& options, std::uint64_t seed,
            std::uint64_t number = 0);
  // The next token after the prompt; nothing when the word is whole.
  std::optional<std::int32_t> next();
  // Runs to the word's end, telling of each token; the whole word, prompt included.
  const Word& rest(const std::function<void(std::int32_t)>& each = [](std::int32_t) {});
  const Word& word() const { return draft_.word(); }

 private:
  Stream stream_;
  std::unique_ptr<output::Sampler> sampler_;
  Draft draft_;
};

}  // namespace wavenet::generate
