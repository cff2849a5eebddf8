// Corpus: the data of a run as its recipe describes them: read, split and encoded.
//
//   const data::Corpus corpus = data::open_corpus(recipe, "names.txt", /*split_seed=*/42);
//   corpus.part("val")   // what to predict: a sequence a word, or the text's last tenth as one
//
//   data.format "lines": one word a line, shuffled, 80 % train, 10 % val, 10 % test;
//     data.dedup: equal words are one, before the split
//   data.format "text": running text, the first part train, the last data.val_share (0.1) val
//
// Left out: windows and batches (windows.h, batches.h), and judging on other files (reading.h).
#pragma once

#include <optional>

#include "wavenet/data/sequences.h"
#include "wavenet/data/source.h"
#include "wavenet/data/split.h"

namespace wavenet::data {

struct Corpus {
  std::string source;
  std::string fingerprint;
  Vocabulary vocabulary;
  std::vector<Sequence> train;
  std::vector<Sequence> val;
  std::vector<Sequence> test;  // empty for running text
  std::optional<Split> words;  // of a list: the same parts as words

  // Throws UsageError for a name that is not train, val or test, and for the test part of a text.
  const std::vector<Sequence>& part(std::string_view name) const;
};

// `path` is a file, "-" for standard input, or empty for the embedded names. With a `vocabulary`,
// that of a trained model, a character outside it is an Error; without one it is made from the
// data.
Corpus open_corpus(const Config& recipe, const std::string& path, std::uint64_t split_seed,
                   const std::optional<Vocabulary>& vocabulary = {});

}  // namespace wavenet::data
