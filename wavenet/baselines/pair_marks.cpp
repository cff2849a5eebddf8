#include "wavenet/baselines/pair_marks.h"

#include "wavenet/baselines/linear_filter.h"
#include "wavenet/baselines/static_curve.h"

namespace wavenet::baselines {

Marks pair_marks(const Played& train, const Played& judged) {
  const LinearFilter gain({static_cast<float>(gain_of(train))});
  Marks marks;
  marks.gain = error_share(judged, gain.applied(judged));
  marks.filter = error_share(judged, LinearFilter::fit(train).applied(judged));
  marks.curve = error_share(judged, StaticCurve::fit(train).applied(judged));
  return marks;
}

}  // namespace wavenet::baselines
