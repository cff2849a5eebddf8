// Marks (baselines): losses that ask nothing of a model, to hold others against. ngram.h has the hard
// one.
//
//   uniform_loss(27) == 3.2958;                   // to know nothing
//   double nats = unigram_loss(train, val, 27);   // to know how often each token occurs
//
// Left out: marks of other kinds, such as the entropy of the words themselves.
#pragma once

#include <cstdint>
#include <vector>

namespace wavenet::baselines {

// ln V, in nats per token. Throws Error for an empty vocabulary.
double uniform_loss(std::int64_t vocabulary);

// The mean of -ln p over all tokens of `sequences`, where p is a token's share of `train` after one
// more of each token is added, (c + 1) / (N + V), so that a token new to `train` costs no infinity.
// Throws Error for a token outside the vocabulary and for sequences without a token.
double unigram_loss(const std::vector<std::vector<std::int32_t>>& train,
                    const std::vector<std::vector<std::int32_t>>& sequences,
                    std::int64_t vocabulary);

}  // namespace wavenet::baselines
