// Batch: tokens and what is to be predicted from them; and where a training run gets its batches.
//
//   const std::vector<Batch> shards = source.next(step);   // together one minibatch
//
// A minibatch is cut into shards, always the same, so that they can be worked on by any number of
// threads without a change in the bits. Left out: who reads the files (corpus.h).
#pragma once

#include <cstdint>
#include <vector>

#include "wavenet/tensor/starts.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::data {

// Windows: tokens i32 [B, block_size], targets i32 [B]. Pieces of text: tokens i32 [B, T], the
// first `past` of which are only read, and targets i32 [B, T - past]; a target of -1 (kNoTarget)
// stands where nothing is to be predicted. Whole sequences: packed, tokens and targets i32 [1, T].
struct Batch {
  Tensor tokens;
  Tensor targets;
  std::int64_t past = 0;
  Starts starts{};
};

class BatchSource {
 public:
  virtual ~BatchSource() = default;
  // The shards of the minibatch of `step`, counted from 0; steps are asked for in order.
  virtual std::vector<Batch> next(std::int64_t step) = 0;
};

}  // namespace wavenet::data
