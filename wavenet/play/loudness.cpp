#include "wavenet/play/loudness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/play/player.h"

namespace wavenet::play {
namespace {

constexpr int kLevels = 10;

// Of the answer to the noise times `level`.
double rms(Player& player, std::span<const float> noise, float level) {
  check(!noise.empty(), "loudness: the noise is empty");
  std::vector<float> samples(noise.begin(), noise.end());
  std::for_each(samples.begin(), samples.end(), [&](float& x) { x *= level; });
  player.reset();
  player.process(samples, samples);
  double sum = 0;
  for (const float y : samples) {
    sum += static_cast<double>(y) * static_cast<double>(y);
  }
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace

double loudness(const nam::Model& model, std::span<const float> noise) {
  return 20 * std::log10(rms(*Player::of(model), noise, 1));
}

double gain(const nam::Model& model, std::span<const float> noise) {
  const auto player = Player::of(model);
  double sum = 0;
  double whole = 0;
  for (int j = 0; j <= kLevels; ++j) {
    whole = rms(*player, noise, static_cast<float>(j) / static_cast<float>(kLevels));
    sum += whole;
  }
  const double linear = (kLevels + 1) / 2.0 * whole;  // what a linear model's levels add up to
  if (!(linear > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::clamp((sum - linear) / linear, 0.0, 1.0);
}

}  // namespace wavenet::play
