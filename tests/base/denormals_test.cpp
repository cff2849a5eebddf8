// Floats below the normal range: 0 while they are flushed, on the thread that asked and on its helpers.
#include "wavenet/base/denormals.h"

#include <gtest/gtest.h>

#include <array>

#include "wavenet/base/parallel.h"

namespace {

using namespace wavenet;

// 2^-130, where the least normal number is 2^-126. Volatile, so that it is computed where it stands.
float tiny() {
  volatile float small = 0x1p-100F;
  volatile float factor = 0x1p-30F;
  return small * factor;
}

std::array<float, 64> tiny_by_threads() {
  std::array<float, 64> all{};
  parallel_for(64, 3, [&](std::int64_t i) { all[static_cast<std::size_t>(i)] = tiny(); });
  return all;
}

std::array<float, 64> filled(float value) {
  std::array<float, 64> all{};
  all.fill(value);
  return all;
}

TEST(FlushDenormals, HoldsForItsLifetimeAndForHelpers) {
  EXPECT_EQ(tiny_by_threads(), filled(0x1p-130F));
  {
    const FlushDenormals flush;
    EXPECT_EQ(tiny(), 0);
    EXPECT_EQ(tiny_by_threads(), filled(0));
    const FlushDenormals again;
    EXPECT_EQ(tiny(), 0);
  }
  EXPECT_EQ(tiny_by_threads(), filled(0x1p-130F));
}

}  // namespace
