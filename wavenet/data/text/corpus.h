// Corpus: words or running text as a dataset: read, split and encoded as the recipe describes.
//
//   auto corpus = data::open_corpus(recipe, {"names.txt"}, /*split_seed=*/42);
//   corpus->val()   // what to predict: a sequence a word, or the text's last tenth as one
//
//   data.format "lines": one word a line, shuffled, 80 % train, 10 % val, 10 % test
//     data.dedup: equal words are one, before the split
//   data.format "text": running text, the first part train, the last data.val_share (0.1) val
//
// Left out: windows and batches (windows.h, batches.h), and judging on other files (reading.h).
#pragma once

#include <optional>

#include "wavenet/data/dataset.h"
#include "wavenet/data/text/sequences.h"
#include "wavenet/data/text/source.h"
#include "wavenet/data/text/split.h"

namespace wavenet::data {

class Corpus : public Dataset {
 public:
  // With the vocabulary of a trained model, or one of all characters of the data.
  Corpus(const Words& list, std::uint64_t split_seed, std::shared_ptr<const Vocabulary> known);
  Corpus(const Text& text, double val_share, std::shared_ptr<const Vocabulary> known);

  const Vocabulary& vocabulary() const { return vocabulary_of(*codec()); }
  const std::vector<Sequence>& train() const { return train_; }
  const std::vector<Sequence>& val() const { return val_; }
  const std::vector<Sequence>& test() const { return test_; }  // empty for running text
  const std::optional<Split>& words() const {
    return words_;
  }  // of a list: the same parts as words

  std::string summary() const override;
  std::vector<Fact> facts() const override;
  Marks marks(const std::string& part) const override;
  // A model of windows draws them at random; else a list of words gives whole words, and running
  // text pieces of data.piece characters.
  std::unique_ptr<BatchSource> batches(const Config& recipe,
                                       const BatchOptions& options) const override;
  std::unique_ptr<Pass> pass(const std::string& part, const PassOptions& options) const override;
  // The test part of running text is a UsageError too.
  const std::vector<Sequence>& sequences(const std::string& part) const override;
  std::optional<Overlap> overlap(const std::string& part) const override;
  Draws draws() const override;
  std::function<bool(const Sequence& drawn)> recogniser() const override;

 private:
  std::vector<Sequence> train_;
  std::vector<Sequence> val_;
  std::vector<Sequence> test_;
  std::optional<Split> words_;
};

// Baselines fitted to train and judged on other sequences: words, or running text.
Marks marks_of(const std::vector<Sequence>& judged, const std::vector<Sequence>& train,
               std::int64_t vocabulary, bool of_words);
// Of words, one a sequence: which stand in train.
Overlap overlap_of(const std::vector<std::u32string>& words, const std::vector<Sequence>& sequences,
                   const std::vector<std::u32string>& train);

// With a `vocabulary`, that of a trained model, a character outside it is an Error.
std::shared_ptr<const Corpus> open_corpus(const Config& recipe, const File& file,
                                          std::uint64_t split_seed,
                                          std::shared_ptr<const Vocabulary> vocabulary = nullptr);
// The same by the registry.
std::shared_ptr<const Dataset> open_text(const Config& recipe, const File& file,
                                         const OpenOptions& options);

}  // namespace wavenet::data
