// Reading: data as a trained model reads it, whole or a part of it. Lines with characters that the
// model has no token for are left out of every part, and told.
//
//   const data::Reading reading(data::read_source(recipe, "new.txt"), vocabulary);
//   data::Part all = reading.part("all", /*split_seed=*/42);   // every word, or the whole text
//   for (const data::UnknownLine& line : reading.left_out()) { ... }
//
// Where lines of a text are left out, what follows begins anew, as after the end marker. Left out:
// data to train on (corpus.h).
#pragma once

#include "wavenet/data/text/sequences.h"
#include "wavenet/data/text/source.h"

namespace wavenet::data {

inline constexpr std::string_view kWhole = "all";  // the part that is the whole

struct UnknownLine {
  std::size_t number;         // from 1
  std::string text;           // an excerpt
  std::u32string characters;  // those without a token: sorted, each once
};
std::vector<UnknownLine> unknown_lines(const Source& source, const Vocabulary& vocabulary);
// Those of all lines together.
std::u32string unknown_characters(const std::vector<UnknownLine>& lines);

struct Part {
  std::vector<std::u32string> words;  // none of running text
  std::vector<Sequence> sequences;  // one a word; of a text one, or several around what is left out
};

class Reading {
 public:
  Reading(Source source, Vocabulary vocabulary);
  const Source& source() const { return source_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const std::vector<UnknownLine>& left_out() const { return left_out_; }
  // "all", or a part of the split: train, val, and of words test. Throws Error where nothing is
  // left of it, UsageError for another name.
  Part part(std::string_view name, std::uint64_t split_seed) const;

 private:
  Source source_;
  Vocabulary vocabulary_;
  std::vector<UnknownLine> left_out_;
};

}  // namespace wavenet::data
