// Rows of every length, and the numbers that break exponentials.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

std::vector<float> row_softmax(const std::vector<float>& x) {
  return softmax(Tensor::from(x, {static_cast<std::int64_t>(x.size())})).to_vector<float>();
}

TEST(Softmax, AgreesWithDoublePrecision) {
  Rng rng(3);
  for (const std::int64_t channels : {1, 2, 7, 16, 17, 27, 33, 256}) {
    for (const double scale : {0.1, 1.0, 30.0}) {
      const Tensor exact = affine(randn({5, channels}, rng, DType::f64), scale, 3);
      const std::vector<double> values = exact.to_vector<double>();
      const std::vector<float> fast =
          softmax(Tensor::from(std::vector<float>(values.begin(), values.end()), exact.shape()))
              .to_vector<float>();
      const UseBackend use(reference_backend());
      const std::vector<double> expected = softmax(exact).to_vector<double>();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        // The logits themselves were rounded to f32: up to 2^-24 of their size, 90.
        EXPECT_NEAR(fast[i], expected[i], 1e-6 + 1e-5 * expected[i]) << channels << ", " << i;
      }
    }
  }
}

TEST(Softmax, HugeLogitsAndImpossibleClasses) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(row_softmax({3e38F, -3e38F, 3e38F}), (std::vector<float>{0.5F, 0, 0.5F}));
  EXPECT_EQ(row_softmax({1, -infinity, 1}), (std::vector<float>{0.5F, 0, 0.5F}));
}

TEST(Softmax, NaNShowsInTheWholeRow) {
  for (const std::size_t at : {0U, 5U, 16U, 19U}) {
    std::vector<float> x(20, 1.0F);
    x[at] = std::numeric_limits<float>::quiet_NaN();
    for (const float p : row_softmax(x)) {
      EXPECT_TRUE(std::isnan(p)) << at;
    }
  }
}

}  // namespace
