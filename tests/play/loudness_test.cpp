// How loud models play, and how much they saturate: closed forms of linear and constant ones.
#include "wavenet/play/loudness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wavenet::play {
namespace {

nam::Model linear(float factor, float bias) {
  return {.net = nam::Linear{.impulse = {factor}, .bias = bias}};
}

std::vector<float> square_wave() {
  std::vector<float> samples;
  for (int i = 0; i < 1000; ++i) {
    samples.push_back(i % 10 < 5 ? 0.25F : -0.25F);
  }
  return samples;
}

TEST(Loudness, IsTheLevelOfTheAnswer) {
  EXPECT_NEAR(loudness(linear(1, 0), square_wave()), 20 * std::log10(0.25), 1e-6);
  EXPECT_NEAR(loudness(linear(0.5F, 0), square_wave()), 20 * std::log10(0.125), 1e-6);
  EXPECT_NEAR(loudness(linear(0, 0.5F), square_wave()), 20 * std::log10(0.5), 1e-6);
  EXPECT_EQ(loudness(linear(0, 0), square_wave()), -INFINITY);
}

// What is linear doubles with its input; what is constant does not change.
TEST(Gain, IsZeroOfALinearModelAndOneOfAConstant) {
  EXPECT_NEAR(gain(linear(0.5F, 0), square_wave()), 0, 1e-6);
  EXPECT_NEAR(gain(linear(0, 0.5F), square_wave()), 1, 1e-6);
  EXPECT_TRUE(std::isnan(gain(linear(0, 0), square_wave())));
}

}  // namespace
}  // namespace wavenet::play
