#include "wavenet/data/audio/response.h"

#include <gtest/gtest.h>

#include "../amplifier.h"
#include "sound_doctor.h"
#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

TEST(Response, ADelayIsFoundWhateverTheLevel) {
  const Samples in = noise(1, 8, 0.5);
  for (const std::ptrdiff_t delay : {0, 1, 37, 5000, -200}) {
    for (const double gain : {1.0, -0.01}) {
      const Response found = response(in, times(later(in, delay), gain), {});
      EXPECT_EQ(found.onset, delay);
      EXPECT_EQ(found.inverted, gain < 0);
      EXPECT_GT(found.prominence, 50);
    }
  }
}

TEST(Response, AnAmplifierAnswersAtOnce) {
  const Samples in = noise(2, 8, 0.2, 48'000);
  EXPECT_EQ(response(in, later(amplified(in, 48'000), 123), {}).onset, 123);
}

TEST(Response, AStrangerHasNoPeak) {
  EXPECT_LT(response(noise(3, 8, 0.5), noise(4, 8, 0.5), {}).prominence, 6);
}

// y = x + n: the share of x in y's power.
TEST(Response, TheLinearShareIsWhatTheInputExplains) {
  const Samples in = noise(5, 60, 0.3);
  const Samples out = sum(later(in, 50), noise(6, 60, 0.4));
  EXPECT_NEAR(linear_share(in, out, 50), 0.09 / (0.09 + 0.16), 0.02);
  EXPECT_LT(linear_share(in, noise(7, 60, 0.4), 0), 0.02);
}

TEST(Response, TooShortIsRefused) {
  EXPECT_THROW(response(noise(8, 1, 0.5), noise(9, 1, 0.5), {}), Error);
}

}  // namespace
}  // namespace wavenet::data
