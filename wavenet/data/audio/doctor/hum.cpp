#include "wavenet/data/audio/doctor/hum.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "wavenet/sound/spectrum.h"

namespace wavenet::data {
namespace {

constexpr double kLowRate = 2000;    // at least; samples a second
constexpr double kHumSeconds = 0.4;  // seconds
constexpr double kLongest = 1800;    // seconds that are looked at
constexpr double kPause = 6;         // dB below the loud frames
constexpr double kClear = 12;        // dB, by which a line must stand above what lies around it
constexpr double kAlone = 20;        // dB, where no multiple of it stands out
constexpr double kOffMains = 0.5;    // Hz, by which the mains' frequency may be another
constexpr double kUnsteady = 3;      // dB, by which the line may differ between pauses
constexpr int kMultiples = 6;        // that are looked for
constexpr std::size_t kFewestFrames = 3;
constexpr double kAudible = 3e-4;  // -70 dB: below that no line matters

double hum_decibels(double power) { return 10 * std::log10(std::max(power, 1e-30)); }

// Three running means of `step` samples, one after the other: nothing of what would fold onto the mains.
std::vector<float> low_pass(std::size_t step) {
  std::vector<double> window(1, 1.0);
  for (int pass = 0; pass < 3; ++pass) {
    std::vector<double> next(window.size() + step - 1);
    for (std::size_t i = 0; i < window.size(); ++i) {
      for (std::size_t j = 0; j < step; ++j) {
        next[i + j] += window[i] / static_cast<double>(step);
      }
    }
    window = std::move(next);
  }
  return {window.begin(), window.end()};
}

struct Frame {
  std::size_t first;  // of the low-passed sound
  double energy;      // of what is no hum: beside all multiples of 50 and 60 Hz
};

struct Line {
  double hertz = 0;
  double power = 0;  // its three bins together
  double above = 0;  // dB above what lies around it
};

class Spectra {
 public:
  Spectra(std::span<const float> low, double rate)
      : low_(low),
        rate_(rate),
        transform_(2 * static_cast<std::int64_t>(std::llround(kHumSeconds * rate / 2))) {}

  std::size_t size() const { return static_cast<std::size_t>(transform_.size()); }
  // Frames, each a quarter of its length after the one before, the quietest first.
  std::vector<Frame> frames() {
    const std::vector<bool> counts = bins_beside_mains();
    std::vector<Frame> all;
    for (std::size_t first = 0; first + size() <= low_.size(); first += size() / 4) {
      const std::span<const double> power = of({first, 0});
      double energy = 0;
      for (std::size_t bin = 0; bin < power.size(); ++bin) {
        energy += counts[bin] ? power[bin] : 0;
      }
      all.push_back({first, energy});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Frame& a, const Frame& b) { return a.energy < b.energy; });
    return all;
  }
  std::span<const double> of(const Frame& frame) {
    return transform_.windowed_power(low_.subspan(frame.first, size()));
  }
  // The line nearest to `hertz`, within a bin and a half of it.
  Line line_at(std::span<const double> power, double hertz) const {
    const double width = rate_ / static_cast<double>(size());
    const auto expected = static_cast<std::size_t>(std::llround(hertz / width));
    std::size_t top = expected;
    for (std::size_t bin = expected - 1; bin <= expected + 1; ++bin) {
      top = power[bin] > power[top] ? bin : top;
    }
    std::vector<double> around;
    for (std::size_t away = 4; away <= 8; ++away) {
      around.push_back(power[top - away]);
      around.push_back(power[top + away]);
    }
    std::nth_element(around.begin(), around.begin() + 5, around.end());
    return {(static_cast<double>(top) + shift_of(power, top)) * width,
            power[top - 1] + power[top] + power[top + 1],
            hum_decibels(power[top]) - hum_decibels(around[5])};
  }
  // A sine of amplitude a has a^2 3/32 of the squared size in the three bins of its line.
  double amplitude_of(const Line& line) const {
    return std::sqrt(line.power * 32 / 3) / static_cast<double>(size());
  }

 private:
  std::vector<bool> bins_beside_mains() const {
    std::vector<bool> counts(size() / 2 + 1, true);
    std::fill_n(counts.begin(), 4, false);  // DC and what is slower than sound
    for (const double mains : {50.0, 60.0}) {
      for (int multiple = 1; multiple <= kMultiples; ++multiple) {
        const auto bin = std::llround(mains * multiple * static_cast<double>(size()) / rate_);
        std::fill_n(counts.begin() + bin - 2, 5, false);
      }
    }
    return counts;
  }
  // How far from bin `top` a sine under a Hann window is: by the ratio of its two highest bins.
  static double shift_of(std::span<const double> power, std::size_t top) {
    const bool right = power[top + 1] > power[top - 1];
    const double ratio = std::sqrt(power[right ? top + 1 : top - 1] / std::max(power[top], 1e-30));
    const double shift = std::clamp((2 * ratio - 1) / (ratio + 1), 0.0, 0.5);
    return right ? shift : -shift;
  }

  std::span<const float> low_;
  double rate_;
  sound::Fourier transform_;
};

// Those that lie far enough below the loud ones, at most a quarter of all.
std::vector<Frame> pauses_of(const std::vector<Frame>& frames) {
  const double loud = frames[frames.size() * 9 / 10].energy;
  std::vector<Frame> pauses;
  for (const Frame& frame : frames) {
    if (frame.energy * std::pow(10, kPause / 10) > loud ||
        (pauses.size() >= kFewestFrames && pauses.size() > frames.size() / 4)) {
      break;
    }
    pauses.push_back(frame);
  }
  return pauses;
}

bool is_steady(Spectra& spectra, const std::vector<Frame>& pauses, double hertz) {
  std::vector<double> levels;
  for (const Frame& pause : pauses) {
    levels.push_back(hum_decibels(spectra.line_at(spectra.of(pause), hertz).power));
  }
  std::sort(levels.begin(), levels.end());
  const double middle = levels[levels.size() / 2];
  const auto near = std::count_if(levels.begin(), levels.end(), [&](double level) {
    return std::abs(level - middle) <= kUnsteady;
  });
  return static_cast<double>(near) >= 0.8 * static_cast<double>(levels.size());
}

std::optional<Hum> hum_of(Spectra& spectra, const std::vector<Frame>& pauses,
                          std::span<const double> power, double mains) {
  Line strongest;
  int lines = 0;
  for (int multiple = 1; multiple <= kMultiples; ++multiple) {
    const Line line = spectra.line_at(power, mains * multiple);
    const bool fits = std::abs(line.hertz - mains * multiple) <= kOffMains * multiple;
    if (!fits || line.above < kClear || spectra.amplitude_of(line) < kAudible) {
      continue;
    }
    ++lines;
    if (multiple <= 2 && line.power > strongest.power) {
      strongest = line;
    }
  }
  if (strongest.power == 0 || (lines == 1 && strongest.above < kAlone) ||
      !is_steady(spectra, pauses, strongest.hertz)) {
    return std::nullopt;
  }
  return Hum{mains, strongest.hertz, spectra.amplitude_of(strongest), strongest.above, 0, lines};
}

}  // namespace

HumSearch::HumSearch(double rate)
    : rate_(rate),
      step_(std::max<std::size_t>(1, static_cast<std::size_t>(rate / kLowRate))),
      window_(low_pass(step_)) {}

void HumSearch::add(std::span<const float> samples) {
  if (static_cast<double>(low_.size()) < kLongest * rate_ / static_cast<double>(step_)) {
    waiting_.insert(waiting_.end(), samples.begin(), samples.end());
    decimate();
  }
}

void HumSearch::decimate() {
  std::size_t first = 0;
  for (; first + window_.size() <= waiting_.size(); first += step_) {
    low_.push_back(std::inner_product(window_.begin(), window_.end(),
                                      waiting_.begin() + static_cast<std::ptrdiff_t>(first), 0.0F));
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first));
}

std::optional<Hum> HumSearch::finish() const {
  const double rate = rate_ / static_cast<double>(step_);
  if (rate < kLowRate / 2) {
    return std::nullopt;
  }
  Spectra spectra(low_, rate);
  const std::vector<Frame> frames = spectra.frames();
  const std::vector<Frame> pauses = frames.empty() ? frames : pauses_of(frames);
  if (pauses.size() < kFewestFrames) {
    return std::nullopt;
  }
  std::vector<double> power(spectra.size() / 2 + 1);
  for (const Frame& pause : pauses) {
    const std::span<const double> one = spectra.of(pause);
    std::transform(
        power.begin(), power.end(), one.begin(), power.begin(),
        [&](double sum, double p) { return sum + p / static_cast<double>(pauses.size()); });
  }
  std::optional<Hum> hum = hum_of(spectra, pauses, power, 50);
  const std::optional<Hum> other = hum_of(spectra, pauses, power, 60);
  if (other && (!hum || other->amplitude > hum->amplitude)) {
    hum = other;
  }
  if (hum) {
    const auto first =
        std::min_element(pauses.begin(), pauses.end(),
                         [](const Frame& a, const Frame& b) { return a.first < b.first; });
    hum->seconds = static_cast<double>(first->first) / rate;
  }
  return hum;
}

}  // namespace wavenet::data
