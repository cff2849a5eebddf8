// The marks of an amplifier: how near its output comes what asks nothing of a network, as ESR.
//
//   Marks marks = pair_marks(recorded, judged);
//   marks.gain     // the input itself, at most two samples later, made as loud as fits best
//   marks.filter   // the best linear filter (linear_filter.h)
//   marks.curve    // the best static curve of the same (static_curve.h)
#pragma once

#include "wavenet/baselines/played.h"
#include "wavenet/log/records.h"

namespace wavenet::baselines {

// Fitted to train, judged on the other. Throws Error where there is nothing to fit to.
Marks pair_marks(const Played& train, const Played& judged);

}  // namespace wavenet::baselines
