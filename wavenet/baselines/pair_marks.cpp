#include "wavenet/baselines/pair_marks.h"

#include <algorithm>
#include <span>

#include "wavenet/baselines/linear_filter.h"
#include "wavenet/baselines/static_curve.h"

namespace wavenet::baselines {

namespace {

// The same with the input some samples later.
Played delayed(const Played& played, std::size_t samples) {
  const std::span<const float> in = played.in.first(played.in.size() - samples);
  return {in, played.out.last(std::min(played.out.size(), in.size()))};
}

// Where a recording's latency is taken out, a sample of it is left, so that no sample comes too early.
// By how many samples the input must be late to be nearest to the output.
std::size_t delay_of(const Played& train) {
  constexpr std::size_t kMostDelay = 2;
  std::size_t best = 0;
  double explained = -1;
  for (std::size_t samples = 0; samples <= kMostDelay && samples < train.in.size(); ++samples) {
    const Played later = delayed(train, samples);
    const double gain = gain_of(later);
    const double energy = gain * gain * energy_of(later.present());
    if (energy > explained * (1 + 1e-6)) {
      best = samples;
      explained = energy;
    }
  }
  return best;
}

}  // namespace

Marks pair_marks(const Played& train, const Played& judged) {
  const std::size_t delay = delay_of(train);
  const Played late_train = delayed(train, delay);
  const Played late = delayed(judged, delay);
  const LinearFilter gain({static_cast<float>(gain_of(late_train))});
  Marks marks;
  marks.gain = error_share(late, gain.applied(late));
  marks.filter = error_share(judged, LinearFilter::fit(train).applied(judged));
  marks.curve = error_share(late, StaticCurve::fit(late_train).applied(late));
  return marks;
}

}  // namespace wavenet::baselines
