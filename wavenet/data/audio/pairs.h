// Pairs: a recording of an amplifier as a dataset: from what goes in to what comes out.
//
//   data.format "pairs": --data IN.wav,OUT.wav
//     data.outputs: samples that are predicted together (default 8192)
//     data.latency: samples by which the output is late (default: found, see recording.h, and noted)
//     data.normalise: the output of train brought to an RMS of -18 dB (default true); the codec keeps by what
//     data.val_share: of an input that is no test signal, the share at its end that is val (default 0.1)
//
// Losses are error-to-signal ratios. There is no test part; "all" is a part to judge. Left out: reading and
// splitting (recording.h, pair.h).
#pragma once

#include "wavenet/data/audio/pair.h"
#include "wavenet/data/audio/pair_items.h"
#include "wavenet/data/dataset.h"

namespace wavenet::data {

class Pairs : public Dataset {
 public:
  Pairs(std::string source, Pair pair);
  const Pair& pair() const { return pair_; }
  // Of train, val, all, or what judged() names. Throws UsageError for another name.
  Range part(const std::string& name) const;

  std::string summary() const override;
  std::vector<Fact> facts() const override;
  const std::vector<std::string>& notes() const override { return notes_; }
  Marks marks(const std::string& part) const override;
  // Throws UsageError for a model of windows.
  std::unique_ptr<BatchSource> batches(const Config& recipe,
                                       const BatchOptions& options) const override;
  std::unique_ptr<Pass> pass(const std::string& part, const PassOptions& options) const override;
  // "some of train" is its middle.
  std::string judged(const std::string& part) const override;
  // What went in at the beginning of val and what came out, 16 bits.
  std::vector<Record> shown() const override;
  std::unique_ptr<Pass> heard(const PassOptions& options) const override;
  Draws draws() const override { return {.count = 0, .longest = 1}; }

 private:
  Aligned all() const { return {pair_.in, pair_.out}; }
  Range heard_range() const;

  Pair pair_;
  std::vector<std::string> notes_;
};

// Whether the recipe's data.format is that above.
bool reads_pairs(const Config& recipe);
// What such a recipe says of a recording.
PairOptions pair_options(const Config& recipe);

// By the registry.
std::shared_ptr<const Dataset> open_pairs(const Config& recipe, const File& file,
                                          const OpenOptions& options);

}  // namespace wavenet::data
