// Inner products of rows of time, activations and their gradients, on every instruction set, against double.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/backend/targets.h"
#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using testing_targets::for_each_target;

// Rows that begin anywhere in one piece of memory.
std::vector<const void*> rows_of(const Tensor& x, std::int64_t shift) {
  std::vector<const void*> rows;
  for (std::int64_t r = 0; r < x.size(0); ++r) {
    rows.push_back(x.data<float>() + r * x.size(1) + (r * shift) % 4);
  }
  return rows;
}

// left, right and samples beside those of a tile and a vector: one less, one more, several.
TEST(DotRows, IsTheSumOfProducts) {
  Rng rng(4);
  for (const std::int64_t left : {1, 2, 3, 4, 5, 8, 17}) {
    for (const std::int64_t right : {1, 2, 3, 5, 6, 7, 24}) {
      for (const std::int64_t samples : {0, 1, 7, 8, 9, 16, 31, 100}) {
        const Tensor a = randn({left, samples + 3}, rng);
        const Tensor b = randn({right, samples + 3}, rng);
        const Tensor begun = randn({right, left + 2}, rng);
        for_each_target([&](const std::string& target) {
          const Tensor sums = Tensor::from(begun.to_vector<float>(), begun.shape());
          const auto rows = rows_of(a, 1);
          const auto others = rows_of(b, 3);
          cpu_backend().dot_rows(rows, others, samples, sliced(sums, 1, 0, left, 1));
          for (std::int64_t r = 0; r < right; ++r) {
            for (std::int64_t l = 0; l < left + 2; ++l) {
              const std::size_t row = static_cast<std::size_t>(r);
              double total = static_cast<double>(begun.data<float>()[r * (left + 2) + l]);
              for (std::int64_t t = 0; l < left && t < samples; ++t) {
                total += static_cast<double>(
                             static_cast<const float*>(rows[static_cast<std::size_t>(l)])[t]) *
                         static_cast<double>(static_cast<const float*>(others[row])[t]);
              }
              ASSERT_NEAR(sums.data<float>()[r * (left + 2) + l], total, 1e-4)
                  << target << ": " << left << " by " << right << ", " << samples << ", at " << r
                  << ", " << l;
            }
          }
        });
      }
    }
  }
}

std::vector<Activation> activations() {
  return {{.curve = Curve::tanh},
          {.curve = Curve::sigmoid},
          {.curve = Curve::softsign},
          {.curve = Curve::leaky},
          {.curve = Curve::leaky, .slope_below = 0.01},
          {.curve = Curve::bounded},
          {.curve = Curve::bounded,
           .slope_below = 0.1,
           .slope_above = 0.2,
           .least = -0.5,
           .most = 0.25},
          {.curve = Curve::silu},
          {.curve = Curve::hard_swish}};
}

// In f64, of one number; and how much it rises there.
double bent(const Activation& activation, double x) {
  const Tensor y = Tensor::scalar(x, DType::f64);
  const View row = unsqueezed(unsqueezed(y, 0), 0);
  reference_backend().activate(activation, row, row);
  return y.item();
}
double slope(const Activation& activation, double x) {
  constexpr double kStep = 1e-6;
  return (bent(activation, x + kStep) - bent(activation, x - kStep)) / (2 * kStep);
}

TEST(Activate, BendsAsTheReferenceAndRisesAsItsDifferences) {
  std::vector<float> points;
  for (int i = -60; i <= 60; ++i) {
    points.push_back(0.1F * static_cast<float>(i) + 0.013F);  // beside every edge
  }
  const auto count = static_cast<std::int64_t>(points.size());
  for (const Activation& activation : activations()) {
    for_each_target([&](const std::string& target) {
      const Tensor x = Tensor::from(points, {1, count});
      const Tensor y = Tensor::from(points, {1, count});
      const Tensor dx = zeros({1, count});
      const Tensor dy = full({1, count}, 3);
      cpu_backend().activate(activation, y, y);
      cpu_backend().activate_backward(activation, slope_is_in_result(activation) ? y : x, dy, dx);
      for (std::int64_t i = 0; i < count; ++i) {
        const double at = static_cast<double>(x.data<float>()[i]);
        const auto curve = static_cast<int>(activation.curve);
        EXPECT_NEAR(y.data<float>()[i], bent(activation, at), 2e-6) << target << curve << " " << at;
        EXPECT_NEAR(dx.data<float>()[i], 3 * slope(activation, at), 4e-6)
            << target << curve << " " << at;
      }
    });
  }
}

TEST(Activate, AddsWhatItGivesToATotal) {
  std::vector<float> points;
  for (int i = 0; i < 63; ++i) {
    points.push_back(0.1F * static_cast<float>(i - 30));
  }
  for (const Activation& activation : activations()) {
    for_each_target([&](const std::string& target) {
      const Tensor x = Tensor::from(points, {3, 21});
      const Tensor alone = zeros({3, 21});
      const Tensor y = zeros({3, 21});
      const Tensor total = full({3, 21}, 2);
      cpu_backend().activate(activation, x, alone);
      cpu_backend().activate(activation, x, y, total);
      EXPECT_EQ(y.to_vector<float>(), alone.to_vector<float>()) << target;
      for (std::int64_t i = 0; i < 63; ++i) {
        EXPECT_EQ(total.data<float>()[i], 2 + alone.data<float>()[i]) << target << i;
      }
    });
    const Tensor x = Tensor::from(points, {3, 21});
    const Tensor y = zeros({3, 21});
    const Tensor total = full({3, 21}, 2);
    reference_backend().activate(activation, x, y, total);
    EXPECT_EQ(total.data<float>()[40], 2 + y.data<float>()[40]);
  }
}

TEST(Activate, IsRightByHand) {
  const auto at = [](std::size_t activation, double x) {
    return bent(activations()[activation], x);
  };
  EXPECT_DOUBLE_EQ(at(2, -3), -0.75);
  EXPECT_DOUBLE_EQ(at(4, -3), -0.03);
  EXPECT_DOUBLE_EQ(at(5, 1.5), 1);
  EXPECT_DOUBLE_EQ(at(6, -1.5), -0.6);
  EXPECT_DOUBLE_EQ(at(6, 1.25), 0.45);
  EXPECT_NEAR(at(7, 1), 0.7310585786300049, 1e-15);
  EXPECT_DOUBLE_EQ(at(8, -1), -1.0 / 3);
  EXPECT_DOUBLE_EQ(at(8, 4), 4);
}

TEST(Activate, KeepsNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Activation& activation : activations()) {
    for_each_target([&](const std::string& target) {
      const Tensor x = Tensor::from(std::vector<float>(9, nan), {1, 9});
      cpu_backend().activate(activation, x, x);
      for (const float y : x.to_vector<float>()) {
        EXPECT_TRUE(std::isnan(y)) << target << static_cast<int>(activation.curve);
      }
    });
  }
}

}  // namespace
