// Batch: tokens and what is to be predicted from them; and where a training run gets its batches.
//
//   for (std::int64_t i = 0; i < source.shards(); ++i) { Batch part = source.shard(step, i); }
//
// A minibatch is cut into shards (micro-batches), always the same, so that they can be worked on by any
// number of threads and processes without a change in the bits. Left out: who reads the files
// (text/corpus.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/base/rng.h"
#include "wavenet/tensor/inputs.h"

namespace wavenet::data {

// Windows: inputs.x i32 [B, block_size], targets i32 [B]. Pieces of text: inputs.x i32 [B, T], the
// first rows.past of which are only read, and targets i32 [B, T - past]; a target of -1 (kNoTarget)
// stands where nothing is to be predicted. Whole sequences: packed, inputs.x and targets i32 [1, T].
// Recordings of an amplifier: inputs.x f32 [B, past + T], what goes in, and targets f32 [B, T], what comes
// out while the last T go in.
struct Batch {
  Inputs inputs;
  Tensor targets;
};

class BatchSource {
 public:
  virtual ~BatchSource() = default;
  // Of a minibatch.
  virtual std::int64_t shards() const = 0;
  // A function of step and shard, both counted from 0, and of nothing that was asked for before; any
  // thread may ask. Steps in order are quickest.
  virtual Batch shard(std::int64_t step, std::int64_t shard) const = 0;
  // Random numbers that a run goes on with where `steps` steps are done, of a source that draws from
  // the run's own.
  virtual std::optional<Rng> rng_after(std::int64_t steps) const;
  // One line of what is worth knowing of them; may be empty.
  virtual std::string summary() const { return ""; }
};

// All shards of a step.
std::vector<Batch> minibatch(const BatchSource& source, std::int64_t step);

}  // namespace wavenet::data
