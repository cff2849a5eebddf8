// What a sound is made of, for proofs about generated sound (tests/pitch.sh, docs/sound.md).
//
//   spectrum FILE 200 250   the strongest frequency within 20 Hz of each, and how many dB the
//                           weakest of them stands above everything farther than 20 Hz from all
//   spectrum FILE           its level, and by octave from 125 Hz, in dB below full scale
#include "wavenet/sound/spectrum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/sound/read.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kFrame = 8192;
constexpr double kNear = 20;  // Hz

double decibels(double power) { return 10 * std::log10(std::max(power, 1e-30)); }

struct Spectrum {
  std::vector<double> power;
  double rate;
  double hertz(std::size_t bin) const {
    return sound::frequency_of(static_cast<std::int64_t>(bin), kFrame, rate);
  }
};

// The top of the parabola through the logarithms of three bins.
double refined(const Spectrum& spectrum, std::size_t bin) {
  if (bin == 0 || bin + 1 == spectrum.power.size()) {
    return spectrum.hertz(bin);
  }
  const double left = std::log(spectrum.power[bin - 1] + 1e-30);
  const double middle = std::log(spectrum.power[bin] + 1e-30);
  const double right = std::log(spectrum.power[bin + 1] + 1e-30);
  const double curve = left - 2 * middle + right;
  const double shift = curve == 0 ? 0 : 0.5 * (left - right) / curve;
  return spectrum.hertz(bin) + shift * spectrum.rate / kFrame;
}

void print_peaks(const Spectrum& spectrum, const std::vector<double>& wanted) {
  double weakest = INFINITY;
  double elsewhere = 0;
  for (const double hertz : wanted) {
    std::size_t best = 0;
    for (std::size_t bin = 0; bin < spectrum.power.size(); ++bin) {
      if (std::abs(spectrum.hertz(bin) - hertz) <= kNear &&
          (best == 0 || spectrum.power[bin] > spectrum.power[best])) {
        best = bin;
      }
    }
    fmt::print("{:g} Hz: {:.2f}\n", hertz, refined(spectrum, best));
    weakest = std::min(weakest, spectrum.power[best]);
  }
  for (std::size_t bin = 0; bin < spectrum.power.size(); ++bin) {
    const bool is_far = std::all_of(wanted.begin(), wanted.end(), [&](double hertz) {
      return std::abs(spectrum.hertz(bin) - hertz) > kNear;
    });
    elsewhere = is_far ? std::max(elsewhere, spectrum.power[bin]) : elsewhere;
  }
  fmt::print("above the rest: {:.1f} dB\n", decibels(weakest) - decibels(elsewhere));
}

void print_octaves(const Spectrum& spectrum, const std::vector<float>& samples) {
  const double squares = std::inner_product(samples.begin(), samples.end(), samples.begin(), 0.0);
  fmt::print("level {:.1f} dB\n", decibels(squares / static_cast<double>(samples.size())));
  // A sine of amplitude 1 has the power size^2 / 16 on its bin, 1.5 times that in all bins around it.
  const double full = 1.5 * static_cast<double>(kFrame) * static_cast<double>(kFrame) / 16;
  for (double low = 125; low < spectrum.rate / 2; low *= 2) {
    double power = 0;
    for (std::size_t bin = 0; bin < spectrum.power.size(); ++bin) {
      const double hertz = spectrum.hertz(bin);
      power += hertz >= low && hertz < 2 * low ? spectrum.power[bin] : 0;
    }
    fmt::print("{:g} to {:g} Hz: {:.1f} dB\n", low, 2 * low, decibels(power / full));
  }
}

}  // namespace

int main(int count, char** arguments) try {
  check(count >= 2, "usage: spectrum FILE [HZ...]");
  sound::Report report;
  const std::vector<float> samples = sound::read_all(arguments[1], {}, &report);
  const Spectrum spectrum{sound::mean_power(samples, kFrame),
                          static_cast<double>(report.facts.rate)};
  std::vector<double> wanted;
  for (int i = 2; i < count; ++i) {
    wanted.push_back(std::atof(arguments[i]));
  }
  if (wanted.empty()) {
    print_octaves(spectrum, samples);
  } else {
    print_peaks(spectrum, wanted);
  }
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "spectrum: {}\n", error.what());
  return 1;
}
