// StaticCurve: the curve from the input of an amplifier, sample by sample, that is nearest to its output.
//
//   const auto curve = StaticCurve::fit(recorded);
//   curve(0.5F)
//
// Straight between 129 knots, which stand the nearer to each other the nearer they are to zero; fitted by
// least squares, with so little stiffness that it only decides where train has no sample. Beyond the
// loudest sample of train it is level. Left out: any memory.
#pragma once

#include <cstddef>
#include <vector>

#include "wavenet/baselines/played.h"

namespace wavenet::baselines {

class StaticCurve {
 public:
  static constexpr std::size_t kKnots = 129;

  static StaticCurve fit(const Played& train);
  float operator()(float x) const;
  std::vector<float> applied(const Played& played) const;

 private:
  struct Place {
    std::size_t knot;  // the lower one
    double share;      // of the upper one
  };
  explicit StaticCurve(float most) : most_(most), levels_(kKnots) {}
  Place place_of(float x) const;
  double position(std::size_t knot) const;

  float most_;  // |x| of the outermost knots
  std::vector<double> levels_;
};

}  // namespace wavenet::baselines
