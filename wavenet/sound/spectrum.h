// Spectra: how the power of a sound is spread over frequencies.
//
//   sound::Fourier transform(1024);
//   std::span<const std::complex<float>> bins = transform(frame);     // of 1024 samples: 513 bins
//   std::span<const float> again = transform.back(bins);
//   std::vector<double> power = sound::mean_power(samples, 1024);     // Welch 1967: Hann, half overlap
//   double hertz = sound::frequency_of(bin, 1024, rate);
//
// One thread at a time may use a Fourier. Left out: transforms of complex samples.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace wavenet::sound {

class Fourier {
 public:
  // Throws Error unless `size` is even and at least 2.
  explicit Fourier(std::int64_t size);
  Fourier(Fourier&&) noexcept;
  Fourier& operator=(Fourier&&) noexcept;
  ~Fourier();
  std::int64_t size() const { return static_cast<std::int64_t>(frame_.size()); }
  // frame: [size] -> [size / 2 + 1], unscaled, valid until the next call.
  std::span<const std::complex<float>> operator()(std::span<const float> frame);
  // The way back, scaled so that it gives what the bins are of: [size / 2 + 1] -> [size], valid until the
  // next call of it.
  std::span<const float> back(std::span<const std::complex<float>> bins);
  // The same as above of a frame under a Hann window: |bin|^2, [size / 2 + 1].
  std::span<const double> windowed_power(std::span<const float> frame);

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<Plan> plan_back_;  // once it was asked for
  std::vector<float> frame_;
  std::vector<float> window_;
  std::vector<std::complex<float>> bins_;
  std::vector<double> power_;
};

// The mean over frames that overlap by half: [size / 2 + 1]. What is shorter than a frame is filled up with
// zeros. A sine of amplitude a that falls on a bin has a^2 size^2 / 16 there.
std::vector<double> mean_power(std::span<const float> samples, std::int64_t size);

constexpr double frequency_of(std::int64_t bin, std::int64_t size, double rate) {
  return static_cast<double>(bin) * rate / static_cast<double>(size);
}

}  // namespace wavenet::sound
