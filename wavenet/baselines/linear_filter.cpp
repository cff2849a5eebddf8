#include "wavenet/baselines/linear_filter.h"

#include <algorithm>
#include <complex>

#include "wavenet/base/check.h"
#include "wavenet/sound/spectrum.h"

namespace wavenet::baselines {
namespace {

constexpr std::int64_t kFrame = 8192;
constexpr std::int64_t kMostTaps = kFrame / 2;
constexpr double kLagRidge = 1e-6;

using Bins = std::vector<std::complex<float>>;
using Sums = std::vector<std::complex<double>>;

Bins bins_of(sound::Fourier& transform, std::span<const float> frame) {
  const auto bins = transform(frame);
  return {bins.begin(), bins.end()};
}

// The input by frames: `past` samples, then those that answer is wanted to, from `first` of the output
// on; zeros where it has none.
std::vector<float> frame_of(const Played& played, std::int64_t first, std::int64_t past) {
  std::vector<float> frame(static_cast<std::size_t>(kFrame));
  const std::int64_t begin = std::ssize(played.in) - std::ssize(played.out) + first - past;
  const std::int64_t from = std::max<std::int64_t>(begin, 0);
  const std::int64_t to = std::min(begin + kFrame, std::ssize(played.in));
  std::copy(played.in.begin() + from, played.in.begin() + std::max(from, to),
            frame.begin() + (from - begin));
  return frame;
}

// Adds how `present` correlates with what stands up to kMostTaps before it in `whole`, as a spectrum.
void add_correlation(Sums& sums, const Bins& whole, const Bins& present) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] += std::complex<double>(present[i]) * std::conj(std::complex<double>(whole[i]));
  }
}

std::vector<double> lags_of(sound::Fourier& transform, const Sums& sums, std::int64_t count) {
  double most = 0;
  for (const std::complex<double>& bin : sums) {
    most = std::max(most, std::abs(bin));
  }
  if (most == 0) {
    return std::vector<double>(static_cast<std::size_t>(count));
  }
  Bins bins(sums.size());
  std::transform(sums.begin(), sums.end(), bins.begin(),
                 [most](const auto& bin) { return std::complex<float>(bin / most); });
  const std::span<const float> lags = transform.back(bins);
  std::vector<double> all(lags.begin(), lags.begin() + count);
  for (double& lag : all) {
    lag *= most;
  }
  return all;
}

}  // namespace

std::vector<double> solved_toeplitz(std::span<const double> t, std::span<const double> b) {
  check(t.size() == b.size() && !t.empty() && t[0] > 0,
        "toeplitz: {} and {} numbers make no positive system", t.size(), b.size());
  std::vector<double> x{b[0] / t[0]};
  std::vector<double> ahead{1};  // of the prediction error
  double error = t[0];
  for (std::size_t m = 1; m < t.size(); ++m) {
    double reflected = 0;
    double missing = b[m];
    for (std::size_t i = 0; i < m; ++i) {
      reflected -= ahead[i] * t[m - i];
      missing -= x[i] * t[m - i];
    }
    reflected /= error;
    ahead.push_back(0);
    for (std::size_t i = 0; i <= m / 2; ++i) {
      const double low = ahead[i];
      const double high = ahead[m - i];
      ahead[i] += reflected * high;
      ahead[m - i] = i == m - i ? ahead[i] : high + reflected * low;
    }
    error *= 1 - reflected * reflected;
    check(error > 0, "toeplitz: the system of {} numbers is not positive", t.size());
    x.push_back(0);
    for (std::size_t i = 0; i <= m; ++i) {
      x[i] += missing / error * ahead[m - i];
    }
  }
  return x;
}

LinearFilter::LinearFilter(std::vector<float> taps) : taps_(std::move(taps)) {
  check(!taps_.empty() && std::ssize(taps_) <= kMostTaps, "linear filter: 1 to {} taps, got {}",
        kMostTaps, taps_.size());
}

LinearFilter LinearFilter::fit(const Played& train, std::int64_t taps) {
  check(taps >= 1 && taps <= kMostTaps, "linear filter: 1 to {} taps, got {}", kMostTaps, taps);
  check(!train.out.empty() && train.in.size() >= train.out.size(),
        "linear filter: there is nothing to fit to");
  sound::Fourier transform(kFrame);
  Sums own(kFrame / 2 + 1);
  Sums mutual(kFrame / 2 + 1);
  const std::int64_t past = taps - 1;
  const std::int64_t step = kFrame - past;
  for (std::int64_t first = 0; first < std::ssize(train.out); first += step) {
    std::vector<float> frame = frame_of(train, first, past);
    const Bins whole = bins_of(transform, frame);
    std::fill_n(frame.begin(), past, 0.0F);
    add_correlation(own, whole, bins_of(transform, frame));
    const std::int64_t size = std::min(step, std::ssize(train.out) - first);
    std::fill(std::copy_n(train.out.begin() + first, size, frame.begin() + past), frame.end(),
              0.0F);
    add_correlation(mutual, whole, bins_of(transform, frame));
  }
  std::vector<double> lags = lags_of(transform, own, taps);
  if (lags[0] <= 0) {
    return LinearFilter(std::vector<float>(static_cast<std::size_t>(taps)));
  }
  lags[0] *= 1 + kLagRidge;
  const std::vector<double> solution = solved_toeplitz(lags, lags_of(transform, mutual, taps));
  return LinearFilter({solution.begin(), solution.end()});
}

std::vector<float> LinearFilter::applied(const Played& played) const {
  sound::Fourier transform(kFrame);
  std::vector<float> response(static_cast<std::size_t>(kFrame));
  std::copy(taps_.begin(), taps_.end(), response.begin());
  const Bins by = bins_of(transform, response);
  const std::int64_t past = std::ssize(taps_) - 1;
  const std::int64_t step = kFrame - past;
  std::vector<float> out(played.out.size());
  for (std::int64_t first = 0; first < std::ssize(out); first += step) {
    Bins bins = bins_of(transform, frame_of(played, first, past));
    std::transform(bins.begin(), bins.end(), by.begin(), bins.begin(), std::multiplies<>());
    const std::span<const float> answer = transform.back(bins);
    std::copy_n(answer.begin() + past, std::min(step, std::ssize(out) - first),
                out.begin() + first);
  }
  return out;
}

}  // namespace wavenet::baselines
