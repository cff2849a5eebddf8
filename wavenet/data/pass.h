// Pass (evaluation batches): every target of a part of the data once, in pieces of so many
// targets at most, to judge a model on.
//
//   const data::SequencePass pass(sequences, {.receptive_field = 64, .together = 1024});
//   for (std::int64_t i = 0; i < pass.pieces(); ++i) { score += judge(pass.piece(i)); }
//
// The pieces are fixed, so that no sum over them depends on who works on which. Left out: sums
// (train/evaluate.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/data/batch.h"

namespace wavenet::data {

using Sequence = std::vector<std::int32_t>;  // codes to predict, in order

struct PassOptions {
  std::int64_t receptive_field = 1;  // of the model: as much past as an answer depends on is read
  std::int64_t together = 1024;      // targets of a piece, at most
  std::int32_t before = 0;           // the code that stands before a sequence
};

class Pass {
 public:
  virtual ~Pass() = default;
  virtual std::int64_t targets() const = 0;  // of all pieces
  virtual std::int64_t pieces() const = 0;
  // inputs.x i32 [B, past + T], targets i32 [B, T]; f32 of an amplifier. Any thread may ask.
  virtual Batch piece(std::int64_t i) const = 0;
};

// Of sequences before which options.before stands for ever. Pieces of equal form make a batch, so that
// nothing is padded. `Code` is std::int32_t, or std::uint8_t of compact data.
template <class Code>
class CodesPass : public Pass {
 public:
  using Codes = std::span<const Code>;

  // What they refer to must outlive the pass.
  CodesPass(const std::vector<Codes>& sequences, const PassOptions& options);
  std::int64_t targets() const override { return targets_; }
  std::int64_t pieces() const override { return static_cast<std::int64_t>(begins_.size()) - 1; }
  Batch piece(std::int64_t i) const override;

 private:
  // Codes first to first + count - 1 of a sequence, read after `past` more.
  struct Stretch {
    Codes sequence;
    std::int64_t first;
    std::int64_t count;
    std::int64_t past;
  };

  std::vector<Stretch> stretches_;   // those of one form stand together
  std::vector<std::size_t> begins_;  // where pieces begin; at last the end
  std::int64_t targets_ = 0;
  std::int32_t before_;
};

class SequencePass : public CodesPass<std::int32_t> {
 public:
  // `sequences` must outlive the pass.
  SequencePass(const std::vector<Sequence>& sequences, const PassOptions& options)
      : CodesPass({sequences.begin(), sequences.end()}, options) {}
};

}  // namespace wavenet::data
