// LinearFilter: the finite impulse response that makes the input of an amplifier nearest to its output.
//
//   const auto filter = LinearFilter::fit(recorded);      // 2048 taps
//   std::vector<float> out = filter.applied(judged);      // one a sample of judged.out
//
// Least squares: the taps h solve R h = r, with R the input's autocorrelation and r its correlation with
// the output, both over train, and R's diagonal made larger by a millionth. R is Toeplitz, so Levinson's
// recursion (1947) needs taps^2 steps. Left out: feedback, which a longer response stands for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/baselines/played.h"

namespace wavenet::baselines {

class LinearFilter {
 public:
  static constexpr std::int64_t kTaps = 2048;

  // `taps`: of the present sample first; at least one.
  explicit LinearFilter(std::vector<float> taps);
  // 1 to 4096 taps; more throw Error, and so do no samples. A silent input gives zeros.
  static LinearFilter fit(const Played& train, std::int64_t taps = kTaps);

  const std::vector<float>& taps() const { return taps_; }
  std::vector<float> applied(const Played& played) const;

 private:
  std::vector<float> taps_;
};

// x of T x = b, where T[i][j] = t[|i - j|] is positive definite; t and b are of one size.
std::vector<double> solved_toeplitz(std::span<const double> t, std::span<const double> b);

}  // namespace wavenet::baselines
