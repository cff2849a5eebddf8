#include "wavenet/nn/ordered_embedding.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wavenet::nn {
namespace {

// Level and mu-law expansion are those of the formulas, up to a scale; every channel has a mean square of 1.
TEST(OrderedEmbedding, BeginsAsFunctionsOfTheLevel) {
  constexpr std::int64_t kCodes = 256;
  constexpr std::int64_t kChannels = 12;
  const Tensor rows = Tensor::empty({kCodes, kChannels}, DType::f32);
  Rng rng(3);
  order_rows(rows, rng);
  const auto at = [&](std::int64_t code, std::int64_t channel) {
    return static_cast<double>(rows.data<float>()[code * kChannels + channel]);
  };
  for (std::int64_t c = 0; c < kChannels; ++c) {
    double squares = 0;
    for (std::int64_t code = 0; code < kCodes; ++code) {
      squares += at(code, c) * at(code, c);
    }
    EXPECT_NEAR(squares / kCodes, 1, 1e-6) << c;
  }
  for (std::int64_t code = 0; code < kCodes; ++code) {
    const double y = 2.0 * static_cast<double>(code) / 255 - 1;
    const double x = std::copysign((std::pow(256, std::abs(y)) - 1) / 255, y);
    EXPECT_NEAR(at(code, 0) / at(255, 0), y, 1e-6);
    EXPECT_NEAR(at(code, 1) / at(255, 1), x, 1e-6);
  }
  // The slowest cosine goes through a quarter of a period, so that neighbours are alike.
  for (std::int64_t code = 1; code < kCodes; ++code) {
    EXPECT_LT(std::abs(at(code, 2) - at(code - 1, 2)), 0.02);
  }
}

TEST(OrderedEmbedding, FitsAnyNumberOfCodesAndChannels) {
  for (const std::int64_t codes : {1, 2, 7}) {
    for (const std::int64_t channels : {1, 2, 3, 4}) {
      const Tensor rows = Tensor::empty({codes, channels}, DType::f32);
      Rng rng(1);
      order_rows(rows, rng);
      for (std::int64_t i = 0; i < rows.numel(); ++i) {
        EXPECT_TRUE(std::isfinite(rows.data<float>()[i]));
      }
    }
  }
}

}  // namespace
}  // namespace wavenet::nn
