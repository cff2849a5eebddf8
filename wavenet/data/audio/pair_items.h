// PairItems and PairPass: minibatches and evaluation pieces of an amplifier's recording.
//
//   const data::PairItems items({in, out}, {.batch = 16, .outputs = 8192, .receptive_field = 4093}, seed);
//   data::Batch batch = items.shard(step, 0);   // inputs f32 [16, 4092 + 8192], targets f32 [16, 8192]
//   const data::PairPass pass({in, out}, first, last, {.receptive_field = 4093, .together = 8192});
//
// Items do not overlap in what they predict, and every prediction has its whole past, so the first
// receptive_field - 1 samples of train are only read. They are shuffled anew each epoch; those that make no
// whole minibatch are left out of it. A minibatch is one shard, as a loss on spectra does not add up over
// rows. Left out: who reads the files (recording.h).
#pragma once

#include <span>
#include <string>

#include "wavenet/data/epochs.h"
#include "wavenet/data/pass.h"

namespace wavenet::data {

// out[i] answers in[i]; both of one length.
struct Aligned {
  std::span<const float> in;
  std::span<const float> out;
};

struct PairBatches {
  std::int64_t batch;            // items in a minibatch
  std::int64_t outputs;          // samples to predict in each
  std::int64_t receptive_field;  // of the model
};

class PairItems : public BatchSource {
 public:
  // What `train` refers to must outlive it. Throws Error where there is no whole minibatch.
  PairItems(const Aligned& train, const PairBatches& how, std::uint64_t seed);
  std::int64_t shards() const override { return 1; }
  Batch shard(std::int64_t step, std::int64_t shard) const override;
  std::string summary() const override;

 private:
  Aligned train_;
  PairBatches how_;
  std::int64_t items_;
  Epochs epochs_;
};

// The targets first to last - 1, in pieces of a row. What goes in before `first` is read; before the
// beginning of all stands silence.
class PairPass : public Pass {
 public:
  // What `all` refers to must outlive it.
  PairPass(const Aligned& all, std::int64_t first, std::int64_t last, const PassOptions& options);
  std::int64_t targets() const override { return last_ - first_; }
  std::int64_t pieces() const override;
  Batch piece(std::int64_t i) const override;

 private:
  Aligned all_;
  std::int64_t first_;
  std::int64_t last_;
  std::int64_t past_;
  std::int64_t together_;
};

}  // namespace wavenet::data
