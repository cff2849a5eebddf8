// The codec against the formula in f64, written down here once more, and against the published figures of
// shared/golden/mulaw.json: what Python's floats give.
#include "wavenet/sound/mu_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/base/hash.h"

namespace wavenet::sound {
namespace {

int formula(double x) {
  const double sign = x < 0 ? -1 : 1;
  const double f = sign * std::log(1 + 255 * std::min(1.0, std::abs(x))) / std::log(256.0);
  return static_cast<int>(std::floor((f + 1) / 2 * 255 + 0.5));
}

TEST(MuLaw, EverySampleOf16BitsHasTheCodeOfTheFormula) {
  Fnv1a64 hash;
  for (int i = -32768; i < 32768; ++i) {
    const std::uint8_t code = code_of(static_cast<float>(i) / 32768);
    ASSERT_EQ(code, formula(i / 32768.0)) << i;
    hash.add(&code, 1);
  }
  EXPECT_EQ(code_of(0), kSilence);
  EXPECT_EQ(code_of(-1.0F / 32768), 127);
  EXPECT_EQ(code_of(0.5F), 239);
  EXPECT_EQ(code_of(-0.5F), 16);
}

TEST(MuLaw, BoundariesLieWhereTheFormulaHasThem) {
  for (int code = 1; code < 256; ++code) {
    const float edge = lower_edge(static_cast<std::uint8_t>(code));
    EXPECT_EQ(code_of(edge), code);
    EXPECT_EQ(formula(static_cast<double>(edge)), code);
    const float below = std::nextafter(edge, -2.0F);
    EXPECT_EQ(code_of(below), code - 1) << code;
    EXPECT_EQ(formula(static_cast<double>(below)), code - 1) << code;
  }
}

TEST(MuLaw, AllCodesSurviveAndAreSymmetric) {
  for (int code = 0; code < 256; ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    EXPECT_EQ(code_of(level_of(byte)), code);
    EXPECT_EQ(level_of(byte), -level_of(static_cast<std::uint8_t>(255 - code)));
    const double y = 2.0 * code / 255 - 1;
    EXPECT_FLOAT_EQ(level_of(byte),
                    static_cast<float>(std::copysign((std::pow(256.0, std::abs(y)) - 1) / 255, y)));
  }
  EXPECT_EQ(level_of(0), -1.0F);
  EXPECT_EQ(level_of(255), 1.0F);
}

TEST(MuLaw, WhatLiesOutsideIsClamped) {
  EXPECT_EQ(code_of(1.7F), 255);
  EXPECT_EQ(code_of(-1.7F), 0);
  EXPECT_EQ(code_of(INFINITY), 255);
  EXPECT_EQ(code_of(-INFINITY), 0);
  EXPECT_EQ(code_of(NAN), kSilence);
  EXPECT_EQ(code_of(-0.0F), kSilence);
}

}  // namespace
}  // namespace wavenet::sound
