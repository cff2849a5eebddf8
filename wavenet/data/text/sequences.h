// Sequences: what a model learns to predict, in order: a word's tokens and its end marker, or all
// the tokens of a text. What stands before a sequence is the end marker, token 0, repeated.
//
//   std::vector<Sequence> train = sequences_of(split.train, vocabulary);
//   // U"emma" -> {5, 13, 13, 1, 0}; a model reads {0, 5, 13, 13, 1}
//
// Left out: batches (see batches.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wavenet/data/pass.h"
#include "wavenet/data/text/vocabulary.h"

namespace wavenet::data {

// One a word, each with its end marker.
std::vector<Sequence> sequences_of(const std::vector<std::u32string>& words,
                                   const Vocabulary& vocabulary);

// How many tokens there are to predict.
std::int64_t token_count(const std::vector<Sequence>& sequences);

}  // namespace wavenet::data
