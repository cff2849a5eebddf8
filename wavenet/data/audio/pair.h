// Pair: a recording of an amplifier made ready for training: the latency taken out, split, and its output
// made as loud as is asked for.
//
//   data::Pair pair = data::made_ready(data::read_recording("in.wav,out.wav"), {.latency = 12});
//   pair.out[i]                         // answers pair.in[i]
//   pair.val.first                      // of the samples that it is judged on
//
// Where the input follows the test signal's plan (sound/test_signal.h), val is the judged part at its end, and
// train what lies between the two, from the blips on. Of another input, the last share is val. Left out:
// batches (pair_items.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wavenet/data/audio/recording.h"

namespace wavenet::data {

struct PairOptions {
  std::optional<std::int64_t> latency{};  // samples; none: it is found
  double val_share = 0.1;                 // of an input that is no test signal
  bool normalise = true;                  // train's output to an RMS of -18 dB below full scale
  std::optional<double> scale{};          // of the output, in place of that
};

struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;  // one past the end
  std::int64_t size() const { return last - first; }
};

struct Pair {
  std::int64_t rate = 0;
  bool planned = false;
  Latency latency;
  double scale = 1;  // what the output was multiplied by
  std::vector<float> in;
  std::vector<float> out;  // as many
  Range train;
  Range val;
};

// Throws Error, which names the file and the rule, for the first of its refusals, where the latency cannot be
// told, and where a part would be empty.
Pair made_ready(Recording recording, const PairOptions& options);

}  // namespace wavenet::data
