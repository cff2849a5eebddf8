#include "wavenet/data/audio/response.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/sound/spectrum.h"

namespace wavenet::data {
namespace {

using Span = std::span<const float>;

constexpr double kFloor = 1e-3;  // of the input's mean power
constexpr double kOnset = 0.25;  // above the side lobes of a band-limited pulse
constexpr std::int64_t kBefore = 64;
constexpr std::int64_t kShort = 4096;

// Sums over frames that overlap by half, under a Hann window.
struct Spectra {
  std::vector<double> in;
  std::vector<double> out;
  std::vector<std::complex<double>> mutual;
};

std::vector<float> window_of(std::int64_t size) {
  std::vector<float> window(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double turn = static_cast<double>(i) / static_cast<double>(size);
    window[i] = static_cast<float>(std::pow(std::sin(3.14159265358979323846 * turn), 2));
  }
  return window;
}

Spectra spectra(Span in, Span out, std::int64_t size) {
  sound::Fourier transform(size);
  const std::vector<float> window = window_of(size);
  const auto bins = static_cast<std::size_t>(size / 2 + 1);
  Spectra sums{std::vector<double>(bins), std::vector<double>(bins),
               std::vector<std::complex<double>>(bins)};
  std::vector<float> frame(window.size());
  const auto bins_of = [&](Span samples, std::size_t first) {
    const Span part = samples.subspan(first, frame.size());
    std::transform(part.begin(), part.end(), window.begin(), frame.begin(), std::multiplies<>());
    return transform(frame);
  };
  std::vector<std::complex<double>> first_bins(bins);
  for (std::size_t first = 0; first + frame.size() <= in.size(); first += frame.size() / 2) {
    const auto of_in = bins_of(in, first);
    std::copy(of_in.begin(), of_in.end(), first_bins.begin());
    const auto of_out = bins_of(out, first);
    for (std::size_t i = 0; i < bins; ++i) {
      const std::complex<double> y(of_out[i]);
      sums.in[i] += std::norm(first_bins[i]);
      sums.out[i] += std::norm(y);
      sums.mutual[i] += y * std::conj(first_bins[i]);
    }
  }
  return sums;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum;
}

std::vector<float> impulse_response(Span in, Span out, std::int64_t size) {
  const Spectra sums = spectra(in, out, size);
  const double floor = kFloor * sum_of(sums.in) / static_cast<double>(sums.in.size()) + 1e-30;
  std::vector<std::complex<float>> bins(sums.mutual.size());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    bins[i] = std::complex<float>(sums.mutual[i] / (sums.in[i] + floor));
  }
  sound::Fourier transform(size);
  const Span response = transform.back(bins);
  return {response.begin(), response.end()};
}

}  // namespace

Response response(Span in, Span out, const Lags& lags) {
  const std::int64_t range = lags.latest - lags.earliest;
  check(in.size() == out.size() && lags.earliest <= 0 && lags.latest >= 0 &&
            std::ssize(in) >= 4 * range,
        "response: {} and {} samples do not tell lags of {} to {}", in.size(), out.size(),
        lags.earliest, lags.latest);
  const auto size = static_cast<std::int64_t>(std::bit_floor(
      static_cast<std::uint64_t>(std::min(std::ssize(in), std::max(kShort, 8 * range)))));
  const std::vector<float> heard = impulse_response(in, out, size);
  const auto at = [&](std::int64_t lag) {
    return static_cast<double>(heard[static_cast<std::size_t>((lag + size) % size)]);
  };
  Response found;
  double energy = 0;
  for (std::int64_t lag = lags.earliest; lag <= lags.latest; ++lag) {
    energy += at(lag) * at(lag);
    found.peak = std::abs(at(lag)) > std::abs(at(found.peak)) ? lag : found.peak;
  }
  const double most = std::abs(at(found.peak));
  found.inverted = at(found.peak) < 0;
  found.prominence = energy > 0 ? most / std::sqrt(energy / static_cast<double>(range + 1)) : 0;
  found.onset = std::max(lags.earliest, found.peak - kBefore);
  while (std::abs(at(found.onset)) < kOnset * most) {
    ++found.onset;
  }
  return found;
}

double linear_share(Span in, Span out, std::int64_t delay) {
  const auto later = static_cast<std::size_t>(std::max<std::int64_t>(delay, 0));
  const auto sooner = static_cast<std::size_t>(std::max<std::int64_t>(-delay, 0));
  const Span x = in.subspan(sooner, in.size() - later - sooner);
  const Span y = out.subspan(later, x.size());
  const Spectra sums = spectra(x, y, kShort);
  double explained = 0;
  for (std::size_t i = 0; i < sums.in.size(); ++i) {
    explained += sums.in[i] > 0 ? std::norm(sums.mutual[i]) / sums.in[i] : 0;
  }
  const double all = sum_of(sums.out);
  return all > 0 ? explained / all : 0;
}

}  // namespace wavenet::data
