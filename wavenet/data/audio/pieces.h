// SoundPieces: minibatches of pieces of takes, each with the past that an answer depends on.
//
//   const data::SoundPieces pieces(takes, {.batch = 4, .length = 4096, .receptive_field = 2047}, seed);
//   data::Batch part = pieces.shard(step, 0);   // inputs [4, 2046 + 4096], targets [4, 4096]
//
// A piece lies within one take. What precedes it there is read and not predicted, so every prediction
// sees its whole past; before a take stands silence. In each epoch every take is cut at another place into
// as many whole pieces as it has; a take shorter than one is a piece alone, its rest without targets. One
// piece in 16 starts cold wherever it lies: silence takes the place of its past, as where generation
// begins. Left out: who reads the files (takes.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wavenet/data/batch.h"
#include "wavenet/data/epochs.h"

namespace wavenet::data {

using SoundCodes = std::span<const std::uint8_t>;  // mu-law, in order

struct SoundBatches {
  std::int64_t batch;            // pieces in a minibatch
  std::int64_t length;           // samples to predict in each
  std::int64_t receptive_field;  // one sample more than are read before the first of them
  std::int64_t shards = 1;
};

class SoundPieces : public BatchSource {
 public:
  // What the takes refer to must outlive it. Throws Error when there is nothing to predict.
  SoundPieces(const std::vector<SoundCodes>& takes, const SoundBatches& how, std::uint64_t seed);
  std::int64_t shards() const override;
  Batch shard(std::int64_t step, std::int64_t shard) const override;
  // How many pieces an epoch has, and which share of them starts cold.
  std::string summary() const override;

 private:
  struct Piece {
    const SoundCodes* take;
    std::int64_t first;  // of its samples that is predicted
  };
  // Of an epoch's pieces, counted through all takes.
  Piece piece(std::int64_t number, std::int64_t epoch) const;

  std::vector<SoundCodes> takes_;   // without empty ones
  std::vector<std::int64_t> ends_;  // for each take, how many pieces it and those before it have
  SoundBatches how_;
  std::uint64_t seed_;
  Epochs epochs_;
};

}  // namespace wavenet::data
