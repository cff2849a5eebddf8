// Generating words: the model gives logits, the sampler draws a character, the window moves on.
//
//   Rng rng(42);
//   generate::Word word = generate::word(*model, {.temperature = 0.8}, rng);
//   std::string text = vocabulary.decode(word.tokens);
//
// Left out: batches of words, and reusing what neighbouring windows share.
#pragma once

#include <vector>

#include "wavenet/models/model.h"

namespace wavenet::generate {

struct SampleOptions {
  double temperature = 1.0;            // divides the logits; 0 takes the likeliest character
  std::int64_t top_k = 0;              // keep the k likeliest; 0 keeps all
  double top_p = 1.0;                  // keep the likeliest until their sum reaches p
  std::int64_t max_length = 1000;      // characters at most, prompt included
  std::vector<std::int32_t> prompt{};  // tokens to start from
};

struct Word {
  std::vector<std::int32_t> tokens;  // without the end marker
  bool ended = false;                // by the end marker, not by max_length
};

// Throws UsageError for values out of range.
void check_options(const SampleOptions& options);

// The probabilities to draw from, after temperature, top-k and top-p. logits: [V].
std::vector<float> probabilities(const Tensor& logits, const SampleOptions& options);

// One word, one window at a time, in evaluation mode: the same draws as the article's loop.
Word word(models::Model& model, const SampleOptions& options, Rng& rng);

}  // namespace wavenet::generate
