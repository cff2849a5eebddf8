// Losses of mu-law codes that are only counted: how often each occurs, and after which.
//
//   const std::vector<Codes> train{first_file, second_file}, val{third_file};
//   const CodeCounts known(train), asked(val);          // one pass over each, and 0.5 MB
//   double nats = code_unigram_loss(known, asked);      // a sample
//   double less = code_bigram_loss(known, asked);
//
// Silence, code 128, stands before each file: the first sample follows it. Throw Error where no sample is judged. Left out: longer contexts;
// linear_prediction.h hears those.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {

using Codes = std::span<const std::uint8_t>;  // of one file

class CodeCounts {
 public:
  using Row = std::array<std::int64_t, sound::kCodes>;

  explicit CodeCounts(const std::vector<Codes>& files);
  const Row& all() const { return all_; }  // how often each code occurs
  const Row& after(std::size_t before) const { return after_[before]; }  // the same behind a code

 private:
  std::vector<Row> after_;
  Row all_{};
};

// p(q) = (c(q) + 1) / (N + 256): no code costs infinity.
double code_unigram_loss(const CodeCounts& train, const CodeCounts& judged);
// p(q | before) = (c(before, q) + 4 p(q)) / (c(before) + 4), p(q) that of the unigram.
double code_bigram_loss(const CodeCounts& train, const CodeCounts& judged);

}  // namespace wavenet::baselines
