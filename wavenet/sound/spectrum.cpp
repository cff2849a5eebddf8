#include "wavenet/sound/spectrum.h"

#include <kiss_fftr.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wavenet/base/check.h"

namespace wavenet::sound {

struct Fourier::Plan {
  explicit Plan(std::int64_t size, bool back = false)
      : config(kiss_fftr_alloc(static_cast<int>(size), back ? 1 : 0, nullptr, nullptr)) {
    check(config != nullptr, "spectrum: no memory for frames of {} samples", size);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() { kiss_fftr_free(config); }
  kiss_fftr_cfg config;
};

namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 24;

std::size_t checked(std::int64_t size) {
  check(size >= 2 && size % 2 == 0 && size <= kMaxSize,
        "spectrum: frames must have an even number of samples, 2 to {}, got {}", kMaxSize, size);
  return static_cast<std::size_t>(size);
}

}  // namespace

Fourier::Fourier(std::int64_t size)
    : frame_(checked(size)),
      window_(frame_.size()),
      bins_(frame_.size() / 2 + 1),
      power_(bins_.size()) {
  plan_ = std::make_unique<Plan>(size);
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double turn = static_cast<double>(i) / static_cast<double>(size);
    window_[i] = static_cast<float>((1 - std::cos(2 * std::numbers::pi * turn)) / 2);
  }
}

Fourier::Fourier(Fourier&&) noexcept = default;
Fourier& Fourier::operator=(Fourier&&) noexcept = default;
Fourier::~Fourier() = default;

std::span<const std::complex<float>> Fourier::operator()(std::span<const float> frame) {
  check(frame.size() == frame_.size(), "spectrum: a frame of {} samples, not {}", frame.size(),
        frame_.size());
  static_assert(sizeof(kiss_fft_cpx) == sizeof(std::complex<float>));
  kiss_fftr(plan_->config, frame.data(), reinterpret_cast<kiss_fft_cpx*>(bins_.data()));
  return bins_;
}

std::span<const float> Fourier::back(std::span<const std::complex<float>> bins) {
  check(bins.size() == bins_.size(), "spectrum: {} bins, not {}", bins_.size(), bins.size());
  if (!plan_back_) {
    plan_back_ = std::make_unique<Plan>(size(), true);
  }
  kiss_fftri(plan_back_->config, reinterpret_cast<const kiss_fft_cpx*>(bins.data()), frame_.data());
  const float scale = 1 / static_cast<float>(size());
  std::transform(frame_.begin(), frame_.end(), frame_.begin(),
                 [scale](float x) { return x * scale; });
  return frame_;
}

std::span<const double> Fourier::windowed_power(std::span<const float> frame) {
  check(frame.size() == frame_.size(), "spectrum: a frame of {} samples, not {}", frame.size(),
        frame_.size());
  std::transform(frame.begin(), frame.end(), window_.begin(), frame_.begin(), std::multiplies<>());
  (*this)(frame_);
  std::transform(bins_.begin(), bins_.end(), power_.begin(),
                 [](std::complex<float> bin) { return static_cast<double>(std::norm(bin)); });
  return power_;
}

std::vector<double> mean_power(std::span<const float> samples, std::int64_t size) {
  Fourier transform(size);
  const auto length = static_cast<std::size_t>(size);
  std::vector<double> mean(length / 2 + 1);
  std::vector<float> padded;
  if (samples.size() < length) {
    padded.assign(samples.begin(), samples.end());
    padded.resize(length);
    samples = padded;
  }
  double frames = 0;
  for (std::size_t first = 0; first + length <= samples.size(); first += length / 2, ++frames) {
    const std::span<const double> power = transform.windowed_power(samples.subspan(first, length));
    std::transform(mean.begin(), mean.end(), power.begin(), mean.begin(), std::plus<>());
  }
  for (double& power : mean) {
    power /= frames;
  }
  return mean;
}

}  // namespace wavenet::sound
