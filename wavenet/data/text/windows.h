// Windows: every place of every word as one training example, the characters before it (the
// context) and the character at it (the target).
//
//   Windows train = make_windows(split.train, vocabulary, 8);
//   Batch batch = random_batch(train, 32, rng);   // tokens [32, 8], targets [32]
//
// A word of n characters gives n + 1 examples, the last with the end marker as target; contexts are
// padded with the end marker on the left. Left out: batches of whole sequences (see batches.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wavenet/base/rng.h"
#include "wavenet/data/batch.h"
#include "wavenet/data/text/sequences.h"
#include "wavenet/data/text/vocabulary.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::data {

struct Windows {
  Tensor contexts;  // i32 [N, block_size]
  Tensor targets;   // i32 [N]

  std::int64_t size() const { return targets.size(0); }
  std::int64_t block_size() const { return contexts.size(1); }
};

// Throws Error when block_size is below 1, when there are no words, or when the examples would not
// fit any memory.
Windows make_windows(const std::vector<std::u32string>& words, const Vocabulary& vocabulary,
                     std::int64_t block_size);
Windows make_windows(const std::vector<Sequence>& sequences, std::int64_t block_size);

// Rows drawn with replacement, one number of `rng` each, in order.
Batch random_batch(const Windows& windows, std::int64_t batch_size, Rng& rng);

// Rows start to stop - 1, as views: nothing is copied.
Batch rows(const Windows& windows, std::int64_t start, std::int64_t stop);

}  // namespace wavenet::data
