#include "wavenet/data/audio/doctor/clipping.h"

#include <algorithm>
#include <cmath>

namespace wavenet::data {
namespace {

constexpr std::int64_t kFewestEqual = 3;  // samples of a run
constexpr std::int64_t kFewestRuns = 3;   // below full scale, where a single one may be chance
constexpr float kSteep = 8;               // how much more than a run's own difference it falls
constexpr float kTooQuiet = 0.02F;        // below which a few steps are the whole sound

void count(ClippedRuns& runs, Stretch run, float level) {
  if (runs.runs++ == 0) {
    runs.first = run;
  }
  if (run.length > runs.longest.length) {
    runs.longest = run;
  }
  runs.samples += run.length;
  runs.level = std::max(runs.level, level);
}

}  // namespace

// Dither moves a flat top by a step to either side.
ClippingScan::ClippingScan(float grain, float full_scale)
    : grain_(1.5F * grain), full_scale_(full_scale) {}

void ClippingScan::add(std::span<const float> samples) {
  for (const float x : samples) {
    see(x);
  }
}

void ClippingScan::see(float x) {
  const float size = std::abs(x);
  peak_ = std::max(peak_, size);
  if (size > 1 && found_.over++ == 0) {
    found_.first_over = at_;
  }
  const bool goes_on = run_ > 0 && std::abs(x - value_) <= (size >= full_scale_ ? 0 : grain_);
  if (!goes_on) {
    end_run(x);
    before_ = at_ > 0 ? value_ : 0;
    value_ = x;
    run_ = 0;
  }
  ++run_;
  ++at_;
}

void ClippingScan::end_run(float after) {
  if (run_ < kFewestEqual) {
    return;
  }
  const Stretch run{at_ - run_, run_};
  const float level = std::abs(value_);
  const float sign = value_ < 0 ? -1.0F : 1.0F;
  if (level >= full_scale_) {
    count(found_.full, run, level);
  } else if (level >= kTooQuiet && level - sign * before_ >= kSteep * grain_ &&
             level - sign * after >= kSteep * grain_) {
    add_below(run, level);
  }
}

void ClippingScan::add_below(Stretch run, float level) {
  ClippedRuns& below = found_.below;
  if (level > below.level + 2 * grain_) {
    below = {};  // those before were not at the top
  }
  if (level >= below.level - 2 * grain_) {
    count(below, run, level);
  }
}

Clipping ClippingScan::finish() {
  end_run(0);
  run_ = 0;
  if (found_.below.runs < kFewestRuns || peak_ > found_.below.level + 2 * grain_) {
    found_.below = {};
  }
  return found_;
}

}  // namespace wavenet::data
