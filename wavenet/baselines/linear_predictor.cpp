#include <algorithm>
#include <cmath>
#include <numbers>

#include "wavenet/baselines/linear_prediction.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {
namespace {

constexpr std::size_t kOrder = LinearPredictor::kOrder;
constexpr std::size_t kWindow = LinearPredictor::kWindow;
constexpr std::size_t kFall = 16;     // samples over which the window falls
constexpr double kNoise = 3e-4;       // white, as a share of the power
constexpr double kLeastPower = 1e-9;  // added to it
constexpr double kFirstError = 1e-4;  // of each a_k
constexpr std::array<double, 4> kForget{6, 12, 24, 200};

using Window = std::array<double, kWindow>;
using Lags = std::array<double, kOrder + 1>;

double level(std::uint8_t code) { return static_cast<double>(sound::level_of(code)); }

Window make_window() {
  Window window{};
  double energy = 0;
  for (std::size_t i = 0; i < kWindow; ++i) {
    const double age = static_cast<double>(kWindow - 1 - i) + 0.5;
    const double turn = age < kFall ? age / kFall : 1 + (age - kFall) / (kWindow - kFall);
    window[i] = std::sin(std::numbers::pi / 2 * turn);
    energy += window[i] * window[i];
  }
  for (double& value : window) {
    value /= std::sqrt(energy);
  }
  return window;
}

Lags autocorrelation(const double* levels) {
  static const Window window = make_window();
  std::array<double, kOrder + kWindow> y{};  // zeros before the window
  for (std::size_t i = 0; i < kWindow; ++i) {
    y[kOrder + i] = levels[i] * window[i];
  }
  // By age of the partner, so that each lag's sum goes its own way at once.
  Lags backwards{};
  for (std::size_t i = 0; i < kWindow; ++i) {
    const double now = y[kOrder + i];
    for (std::size_t k = 0; k <= kOrder; ++k) {
      backwards[k] += now * y[i + k];
    }
  }
  std::reverse(backwards.begin(), backwards.end());
  return backwards;
}

// Writes what predicts a sample from those before it, the newest first; returns the error's power.
double levinson_durbin(const Lags& r, std::array<double, kOrder>& a) {
  a.fill(0);
  double power = r[0];
  for (std::size_t i = 0; i < kOrder && power > 0; ++i) {
    double rest = r[i + 1];
    for (std::size_t j = 0; j < i; ++j) {
      rest -= a[j] * r[i - j];
    }
    const double reflection = rest / power;
    for (std::size_t j = 0; j < i / 2; ++j) {
      const double low = a[j];
      a[j] -= reflection * a[i - 1 - j];
      a[i - 1 - j] -= reflection * low;
    }
    if (i % 2 == 1) {
      a[i / 2] -= reflection * a[i / 2];
    }
    a[i] = reflection;
    power *= 1 - reflection * reflection;
  }
  return std::max(power, 0.0);
}

}  // namespace

LinearPredictor::LinearPredictor() {
  levels_.fill(level(sound::kSilence));
  errors_.fill(kFirstError);
  adapt();
  predict();
}

void LinearPredictor::push(std::uint8_t code) {
  static const std::array<double, 4> shares = [] {
    std::array<double, 4> made{};
    std::transform(kForget.begin(), kForget.end(), made.begin(),
                   [](double samples) { return 1 - std::exp(-1 / samples); });
    return made;
  }();
  levels_[end_++] = level(code);
  const double error = std::abs(levels_[end_ - 1] - prediction_);
  for (std::size_t k = 0; k < errors_.size(); ++k) {
    errors_[k] += shares[k] * (error - errors_[k]);
  }
  if (end_ == levels_.size()) {
    std::copy(levels_.begin() + kBlock, levels_.end(), levels_.begin());
    end_ = kWindow;
    adapt();
  }
  predict();
}

void LinearPredictor::adapt() {
  Lags r = autocorrelation(levels_.data());
  r[0] += r[0] * kNoise + kLeastPower;
  gain_ = std::sqrt(levinson_durbin(r, coefficients_));
}

void LinearPredictor::predict() {
  double sum = 0;
  for (std::size_t j = 0; j < kOrder; ++j) {
    sum += coefficients_[j] * levels_[end_ - 1 - j];
  }
  prediction_ = std::clamp(sum, -1.0, 1.0);
}

std::array<double, LinearPredictor::kFeatures> LinearPredictor::features() const {
  std::array<double, kFeatures> values{1};
  for (std::size_t k = 0; k < errors_.size(); ++k) {
    values[k + 1] = std::log(errors_[k] + kLeastError);
  }
  values[5] = std::log(gain_ + kLeastError);
  values[6] = std::log(std::abs(prediction_) + 1.0 / 255);
  return values;
}

}  // namespace wavenet::baselines
