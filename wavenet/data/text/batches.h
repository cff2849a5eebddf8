// The three ways to draw minibatches: windows, whole sequences, pieces of running text.
//
//   RandomWindows random(windows, 32, rng, 0);              // the article's: with replacement
//   WholeSequences words(sequences, {.batch = 64}, seed);   // words, each once an epoch
//   TextPieces pieces(text, {.batch = 16, .length = 256, .receptive_field = 128}, seed);
//
// Each is a function of its seed, or its random numbers, and of step and shard: a run can be resumed
// anywhere.
#pragma once

#include <mutex>

#include "wavenet/data/epochs.h"
#include "wavenet/data/text/sequences.h"
#include "wavenet/data/text/windows.h"

namespace wavenet::data {

// One shard of `batch` windows drawn with replacement, one number of `rng` each.
class RandomWindows : public BatchSource {
 public:
  // `rng` as it is where `steps` steps are done, which no earlier one can be asked for.
  RandomWindows(Windows windows, std::int64_t batch, const Rng& rng, std::int64_t steps);
  std::int64_t shards() const override { return 1; }
  Batch shard(std::int64_t step, std::int64_t shard) const override;
  std::optional<Rng> rng_after(std::int64_t steps) const override;

 private:
  struct Place {
    Rng rng;
    std::int64_t steps;  // drawn for
  };
  // Draws, and drops, what lies between; `mutex_` is held.
  void go_to(std::int64_t steps) const;

  Windows windows_;
  std::int64_t batch_;
  Place first_;
  mutable std::mutex mutex_;
  mutable Place now_;
};

struct SequenceBatches {
  std::int64_t batch;       // sequences in a minibatch
  std::int64_t shards = 1;  // pieces that it is worked on in
};

// Whole sequences, shuffled anew each epoch, packed end to end: nothing is padded.
class WholeSequences : public BatchSource {
 public:
  // Throws Error when there are no sequences.
  WholeSequences(std::vector<Sequence> sequences, SequenceBatches how, std::uint64_t seed);
  std::int64_t shards() const override;
  Batch shard(std::int64_t step, std::int64_t shard) const override;

 private:
  std::vector<Sequence> sequences_;
  SequenceBatches how_;
  Epochs epochs_;
};

struct TextBatches {
  std::int64_t batch;            // pieces in a minibatch
  std::int64_t length;           // tokens to predict in each
  std::int64_t receptive_field;  // tokens before them that are only read
  std::int64_t shards = 1;
};

// The longest pieces that a text of `size` characters can be cut into; 0 where it is too short for
// any.
std::int64_t longest_piece(std::int64_t size, std::int64_t receptive_field);

// How many pieces of a text of `size` characters an epoch has. Throws Error when the text is shorter
// than one piece with its past.
std::int64_t count_pieces(std::int64_t size, const TextBatches& how);

// Pieces that cover the text once an epoch, cut at another place each time. What precedes a piece
// is read but not predicted, so every prediction sees its whole past; one piece in 16 starts cold
// instead, after token 0s, as generation does.
class TextPieces : public BatchSource {
 public:
  // Throws what count_pieces does.
  TextPieces(Sequence text, TextBatches how, std::uint64_t seed);
  std::int64_t shards() const override;
  Batch shard(std::int64_t step, std::int64_t shard) const override;

 private:
  Sequence text_;
  TextBatches how_;
  std::uint64_t seed_;
  Epochs epochs_;
};

}  // namespace wavenet::data
