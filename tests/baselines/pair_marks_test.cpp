#include "wavenet/baselines/pair_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../amplifier.h"
#include "wavenet/base/check.h"
#include "wavenet/base/rng.h"
#include "wavenet/baselines/linear_filter.h"
#include "wavenet/baselines/static_curve.h"

namespace wavenet::baselines {
namespace {

std::vector<float> noise(std::uint64_t seed, std::size_t size, double most = 0.5) {
  Rng rng(seed);
  std::vector<float> samples(size);
  for (float& x : samples) {
    x = static_cast<float>(most * (2 * rng.uniform_double() - 1));
  }
  return samples;
}

template <class Function>
std::vector<float> each(const std::vector<float>& in, Function function) {
  std::vector<float> out;
  for (const float x : in) {
    out.push_back(static_cast<float>(function(static_cast<double>(x))));
  }
  return out;
}

// T x is b again, by plain sums.
TEST(LinearFilter, AToeplitzSystemIsSolved) {
  std::vector<double> t;
  std::vector<double> b;
  for (int i = 0; i < 37; ++i) {
    t.push_back(std::pow(0.8, i) + (i == 0 ? 0.1 : 0));
    b.push_back(std::sin(1.7 * i) + 0.3);
  }
  const std::vector<double> x = solved_toeplitz(t, b);
  for (std::size_t i = 0; i < b.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      sum += t[i < j ? j - i : i - j] * x[j];
    }
    EXPECT_NEAR(sum, b[i], 1e-10) << i;
  }
}

TEST(LinearFilter, AFilterIsFoundAgain) {
  std::vector<float> in = noise(1, 100'000);
  std::fill(in.end() - 300, in.end(),
            0.0F);  // or the sums over the end would not be those of a Toeplitz matrix
  std::vector<float> out(in.size());
  const auto tap = [](std::size_t k) {
    return std::exp(-0.05 * static_cast<double>(k)) * std::cos(0.4 * static_cast<double>(k));
  };
  for (std::size_t i = 0; i < in.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < std::min<std::size_t>(i + 1, 200); ++k) {
      sum += tap(k) * static_cast<double>(in[i - k]);
    }
    out[i] = static_cast<float>(sum);
  }
  const Played played{in, out};
  const LinearFilter found = LinearFilter::fit(played, 256);
  for (std::size_t k = 0; k < 256; ++k) {
    EXPECT_NEAR(found.taps()[k], k < 200 ? tap(k) : 0, 2e-5) << k;
  }
  // Judged on a later stretch alone, it hears what came before.
  const Played end{in, std::span<const float>(out).last(30'000)};
  EXPECT_LT(error_share(end, found.applied(end)), 1e-8);
}

TEST(StaticCurve, ACurveIsFoundAgain) {
  const std::vector<float> in = noise(2, 200'000, 0.9);
  const std::vector<float> out = each(in, [](double x) { return std::tanh(3 * x) + 0.1 * x * x; });
  const StaticCurve curve = StaticCurve::fit({in, out});
  for (const double x : {-0.85, -0.3, -0.02, 0.001, 0.1, 0.6}) {
    EXPECT_NEAR(curve(static_cast<float>(x)), std::tanh(3 * x) + 0.1 * x * x, 2e-3) << x;
  }
}

// y = g x + n, both uniform: what is left is the power of n over that of all.
TEST(PairMarks, AllAreTheShareThatCannotBeKnown) {
  const std::vector<float> in = noise(3, 300'000, 0.6);
  std::vector<float> out = each(in, [](double x) { return -0.7 * x; });
  const std::vector<float> other = noise(4, in.size(), 0.2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] += other[i];
  }
  const double expected = 0.2 * 0.2 / (0.7 * 0.7 * 0.6 * 0.6 + 0.2 * 0.2);
  const Marks marks = pair_marks({in, out}, {in, out});
  EXPECT_NEAR(marks.gain, expected, 2e-3);
  EXPECT_NEAR(marks.filter / marks.gain, 1 - 2048.0 / 300'000, 2e-3);  // taps that fit the noise
  EXPECT_NEAR(marks.curve, expected, 2e-3);
  EXPECT_TRUE(std::isnan(marks.unigram));
}

TEST(PairMarks, AnAmplifierIsNearerToBothThanToItsInput) {
  const std::vector<float> in = noise(5, 200'000, 0.2);
  const std::vector<float> out = amplified(in, 48'000);
  const Marks marks = pair_marks({in, out}, {in, out});
  EXPECT_LT(marks.filter, 0.5 * marks.gain);
  EXPECT_LT(marks.curve, marks.gain);
  EXPECT_GT(marks.filter, 0.01);
}

// Taking out the latency leaves a sample of it, which is no fault of a wire's.
TEST(PairMarks, ASampleOfLatencyIsForgiven) {
  const std::vector<float> in = noise(7, 100'000, 0.4);
  for (const std::size_t late : {0U, 1U, 2U}) {
    std::vector<float> out(in.size());
    std::transform(in.begin(), in.end() - static_cast<std::ptrdiff_t>(late),
                   out.begin() + static_cast<std::ptrdiff_t>(late),
                   [](float x) { return 0.5F * x; });
    const Marks marks = pair_marks({in, out}, {in, std::span<const float>(out).last(30'000)});
    EXPECT_LT(marks.gain, 1e-8) << late;
    EXPECT_LT(marks.curve, 1e-6) << late;
  }
}

TEST(PairMarks, NothingToFitToIsRefused) {
  EXPECT_THROW(pair_marks({}, {}), Error);
  const std::vector<float> silence(10'000);
  const std::vector<float> out = noise(6, silence.size());
  EXPECT_EQ(pair_marks({silence, out}, {silence, out}).filter, 1);
}

}  // namespace
}  // namespace wavenet::baselines
