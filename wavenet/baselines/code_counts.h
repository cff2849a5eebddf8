// Losses of mu-law codes that are only counted: how often each occurs, and after which.
//
//   const std::vector<Codes> train{first_file, second_file}, val{third_file};
//   double nats = code_unigram_loss(train, val);   // a sample
//   double less = code_bigram_loss(train, val);
//
// Silence, code 128, stands before each file: the first sample follows it. Both take one pass over each
// part and 0.5 MB. Throw Error where no sample is judged. Left out: longer contexts;
// linear_prediction.h hears those.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wavenet::baselines {

using Codes = std::span<const std::uint8_t>;  // of one file

// p(q) = (c(q) + 1) / (N + 256): no code costs infinity.
double code_unigram_loss(const std::vector<Codes>& train, const std::vector<Codes>& judged);
// p(q | before) = (c(before, q) + 4 p(q)) / (c(before) + 4), p(q) that of the unigram.
double code_bigram_loss(const std::vector<Codes>& train, const std::vector<Codes>& judged);

}  // namespace wavenet::baselines
