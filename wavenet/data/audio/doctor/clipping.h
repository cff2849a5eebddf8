// Clipping: where a sound was cut off, at full scale or, as the level was changed afterwards, below it.
//
//   ClippingScan scan(grain);                    // of one channel; grain: the step between two samples' values
//   scan.add(block);
//   Clipping clipping = scan.finish();
//   clipping.full.runs, clipping.full.first      // runs of three equal samples and more, at +-1
//   clipping.below                               // the same at the highest level, where that is lower
//
// A run below full scale is one only where the sound falls off steeply on both sides, by eight times what its
// samples differ by: the round top of a tone, which has equal samples too, falls by four times that. Left
// out: clipping that was filtered or compressed afterwards.
#pragma once

#include <cstdint>
#include <span>

#include "wavenet/data/audio/doctor/levels.h"

namespace wavenet::data {

struct ClippedRuns {
  std::int64_t runs = 0;
  std::int64_t samples = 0;  // in them
  Stretch first;
  Stretch longest;
  float level = 0;  // of |x|
};

struct Clipping {
  ClippedRuns full;
  ClippedRuns below;      // none where fewer than three runs stand at the top
  std::int64_t over = 0;  // samples beyond full scale, which coding cuts off
  std::int64_t first_over = 0;
};

class ClippingScan {
 public:
  explicit ClippingScan(float grain, float full_scale = 1 - 0x1p-15F);
  void add(std::span<const float> samples);  // all finite
  Clipping finish();

 private:
  void see(float x);
  void end_run(float after);
  void add_below(Stretch run, float level);

  float grain_;
  float full_scale_;
  std::int64_t at_ = 0;
  float before_ = 0;  // the run
  float value_ = 0;   // of the run's first sample
  std::int64_t run_ = 0;
  float peak_ = 0;
  Clipping found_;
};

}  // namespace wavenet::data
