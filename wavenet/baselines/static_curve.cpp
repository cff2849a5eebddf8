#include "wavenet/baselines/static_curve.h"

#include <algorithm>
#include <cmath>

#include "wavenet/sound/level.h"

namespace wavenet::baselines {
namespace {

constexpr double kMiddle = (StaticCurve::kKnots - 1) / 2.0;
constexpr double kStiffness =
    1e-9;  // of the difference of two knots, beside the weight of all samples

}  // namespace

// Knots stand at squares.
double StaticCurve::position(std::size_t knot) const {
  const double root = (static_cast<double>(knot) - kMiddle) / kMiddle;
  return root * std::abs(root) * static_cast<double>(most_);
}

StaticCurve::Place StaticCurve::place_of(float x) const {
  const double level = std::clamp(static_cast<double>(x / most_), -1.0, 1.0);
  const double at = kMiddle + std::copysign(std::sqrt(std::abs(level)), level) * kMiddle;
  const std::size_t knot = std::min(static_cast<std::size_t>(at), kKnots - 2);
  const double low = position(knot);
  const double share = (level * static_cast<double>(most_) - low) / (position(knot + 1) - low);
  return {knot, std::clamp(share, 0.0, 1.0)};
}

// The normal equations have three diagonals.
StaticCurve StaticCurve::fit(const Played& train) {
  const std::span<const float> in = train.present();
  StaticCurve curve(std::max(sound::largest(in), 1e-9F));
  std::vector<double> middle(kKnots);
  std::vector<double> beside(kKnots);  // between knot i and i + 1
  std::vector<double>& sums = curve.levels_;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto [knot, share] = curve.place_of(in[i]);
    const auto y = static_cast<double>(train.out[i]);
    middle[knot] += (1 - share) * (1 - share);
    middle[knot + 1] += share * share;
    beside[knot] += share * (1 - share);
    sums[knot] += (1 - share) * y;
    sums[knot + 1] += share * y;
  }
  const double stiffness = kStiffness * (static_cast<double>(in.size()) + 1);
  for (std::size_t i = 0; i + 1 < kKnots; ++i) {
    middle[i] += stiffness;
    middle[i + 1] += stiffness;
    beside[i] -= stiffness;
  }
  middle[kKnots / 2] += stiffness;  // which holds it where there is no sample at all
  for (std::size_t i = 1; i < kKnots; ++i) {
    const double share = beside[i - 1] / middle[i - 1];
    middle[i] -= share * beside[i - 1];
    sums[i] -= share * sums[i - 1];
  }
  sums[kKnots - 1] /= middle[kKnots - 1];
  for (std::size_t i = kKnots - 1; i-- > 0;) {
    sums[i] = (sums[i] - beside[i] * sums[i + 1]) / middle[i];
  }
  return curve;
}

float StaticCurve::operator()(float x) const {
  const auto [knot, share] = place_of(x);
  return static_cast<float>((1 - share) * levels_[knot] + share * levels_[knot + 1]);
}

std::vector<float> StaticCurve::applied(const Played& played) const {
  const std::span<const float> in = played.present();
  std::vector<float> out(in.size());
  std::transform(in.begin(), in.end(), out.begin(), *this);
  return out;
}

}  // namespace wavenet::baselines
