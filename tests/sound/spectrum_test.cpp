#include "wavenet/sound/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "wavenet/base/check.h"

namespace wavenet::sound {
namespace {

std::vector<float> sine(double hertz, double rate, std::size_t length, double amplitude) {
  std::vector<float> samples(length);
  for (std::size_t i = 0; i < length; ++i) {
    samples[i] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate));
  }
  return samples;
}

TEST(Spectrum, ASineOnABinHasThePowerOfTheClosedForm) {
  const std::vector<double> power = mean_power(sine(1000, 8000, 4096, 0.5), 512);
  ASSERT_EQ(power.size(), 257U);
  EXPECT_NEAR(power[64] / (0.25 * 512 * 512 / 16), 1, 1e-4);
  EXPECT_EQ(frequency_of(64, 512, 8000), 1000);
  for (std::size_t bin = 0; bin < power.size(); ++bin) {
    if (bin + 2 < 64 || bin > 66) {
      EXPECT_LT(power[bin], power[64] * 1e-9) << bin;  // Hann: nothing beyond the neighbours
    }
  }
}

TEST(Spectrum, EqualsTheSumOfItsDefinition) {
  const std::vector<float> x{0.1F, -0.4F, 0.3F, 0.9F, -0.2F, 0.5F};
  Fourier transform(6);
  const auto bins = transform(x);
  ASSERT_EQ(bins.size(), 4U);
  for (std::size_t k = 0; k < bins.size(); ++k) {
    std::complex<double> sum;
    for (std::size_t n = 0; n < x.size(); ++n) {
      sum += static_cast<double>(x[n]) *
             std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n) / 6);
    }
    EXPECT_NEAR(static_cast<double>(bins[k].real()), sum.real(), 1e-6);
    EXPECT_NEAR(static_cast<double>(bins[k].imag()), sum.imag(), 1e-6);
  }
}

TEST(Spectrum, ShortSoundIsFilledUpAndOddFramesAreRefused) {
  EXPECT_EQ(mean_power(sine(100, 8000, 10, 1), 64).size(), 33U);
  EXPECT_THROW(Fourier(7), Error);
  EXPECT_THROW(Fourier(0), Error);
}

}  // namespace
}  // namespace wavenet::sound
