// The spectral loss against torch.stft in double, on both backends; its bits on any number of threads.
#include "wavenet/ops/waveform_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/backend/targets.h"
#include "tests/nn/golden.h"
#include "wavenet/base/parallel.h"

namespace {

using namespace wavenet;

const std::vector<Stft> kResolutions{{.fft = 1024, .hop = 120, .window = 600},
                                     {.fft = 2048, .hop = 240, .window = 1200},
                                     {.fft = 512, .hop = 50, .window = 240}};

// The slope of a bin's logarithm is the inverse of its magnitude, and in a frame over the border, which is its
// own mirror image, bins are real numbers that come near to 0: what a float rounds off there comes back many
// times as large, in few bins. So gradients are held as a whole, by the length of what is apart; PyTorch's own
// in floats are up to 8e-5 of the whole from those in double.
constexpr double kApart = 5e-4;

double length(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) {
    sum += static_cast<double>(value) * static_cast<double>(value);
  }
  return std::sqrt(sum);
}

void expect_torch(const io::SafeTensors& file) {
  const Tensor targets = file.tensors.at("all/targets");
  for (const Stft& how : kResolutions) {
    const std::string name = "spectral_" + std::to_string(how.fft);
    const golden::Case exact(file, name, 1e-5F);
    exact.expect(spectral_loss(exact["x"], targets, how), "y");
    const Tensor x = exact.input("x");
    backward(spectral_loss(x, targets, how), exact["dy"]);
    const std::vector<float> want = exact["dx"].to_vector<float>();
    std::vector<float> apart = grad(x).to_vector<float>();
    ASSERT_EQ(apart.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i) {
      apart[i] -= want[i];
    }
    EXPECT_LT(length(apart), kApart * length(want)) << name;
  }
}

TEST(SpectralLoss, IsThatOfTorchOnEveryInstructionSet) {
  const io::SafeTensors file = golden::read("waveform");
  testing_targets::for_each_target([&](const std::string& target) {
    SCOPED_TRACE(target);
    expect_torch(file);
  });
}

TEST(SpectralLoss, IsThatOfTorchByTheReference) {
  const UseBackend use(reference_backend());
  expect_torch(golden::read("waveform"));
}

// Loss and gradient, as bits.
std::vector<float> all_of(const Tensor& raw, const Tensor& targets, int threads) {
  const UseThreads use(threads);
  const Tensor x = parameter(raw.clone());
  const Tensor loss = spectral_loss(x, targets, kResolutions[2]);
  backward(loss, ones(loss.shape()));
  std::vector<float> all = loss.to_vector<float>();
  const std::vector<float> gradient = grad(x).to_vector<float>();
  all.insert(all.end(), gradient.begin(), gradient.end());
  return all;
}

TEST(SpectralLoss, HasTheSameBitsOnAnyNumberOfThreads) {
  Rng rng(3);
  for (const std::int64_t items : {1, 5, 16}) {
    const Tensor raw = randn({items, 700, 2}, rng);
    const Tensor targets = randn({items, 700}, rng);
    const std::vector<float> one = all_of(raw, targets, 1);
    EXPECT_EQ(all_of(raw, targets, 2), one) << items;
    EXPECT_EQ(all_of(raw, targets, 3), one) << items;
  }
}

TEST(SpectralLoss, IsZeroWithoutAGradientAtNoDistance) {
  Rng rng(3);
  const Tensor targets = randn({2, 600}, rng);
  const Tensor x = parameter(Tensor::from(targets.to_vector<float>(), {2, 600, 1}));
  const Tensor loss = spectral_loss(x, targets, kResolutions[2]);
  EXPECT_NEAR(loss.item(), 0, 1e-7);  // a rounded root, squared, is not what it was the root of
  backward(loss);
  EXPECT_EQ(grad(x).to_vector<float>(), std::vector<float>(1200));
}

// Silence counts as magnitudes of 1e-4, which nothing below moves.
TEST(SpectralLoss, OfSilenceHasNoGradient) {
  const Tensor x = parameter(zeros({2, 600, 1}));
  Rng rng(3);
  const Tensor loss = spectral_loss(x, randn({2, 600}, rng), kResolutions[2]);
  EXPECT_TRUE(std::isfinite(loss.item()));
  backward(loss);
  EXPECT_EQ(grad(x).to_vector<float>(), std::vector<float>(1200));
}

TEST(SpectralLoss, OfNaNIsNaN) {
  std::vector<float> samples(600, 0.5F);
  samples[300] = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = Tensor::from(samples, {1, 600, 1});
  EXPECT_TRUE(std::isnan(spectral_loss(x, ones({1, 600}), kResolutions[2]).item()));
  EXPECT_TRUE(std::isnan(squared_error(x, ones({1, 600})).item()));
}

}  // namespace
