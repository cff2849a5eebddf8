#include "wavenet/data/audio/doctor/levels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wavenet::data {
namespace {

constexpr double kWindow = 0.02;             // seconds
constexpr std::size_t kWindowsOfAMean = 12;  // about a quarter second
constexpr double kActiveLevel = 1e-3;        // 30 dB, as energy

double median(std::vector<double> values) {
  if (values.empty()) {
    return 0;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::size_t row_of(double energy) {
  const double decibels = std::max(0.0, -to_decibels(std::sqrt(energy)));
  return std::min(static_cast<std::size_t>(decibels / 6), kLevelRows - 1);
}

double active_level(const std::vector<float>& energies) {
  const double loudest =
      energies.empty() ? 0.0
                       : static_cast<double>(*std::max_element(energies.begin(), energies.end()));
  double sum = 0;
  double count = 0;
  for (const float energy : energies) {
    if (static_cast<double>(energy) >= kActiveLevel * loudest) {
      sum += static_cast<double>(energy);
      ++count;
    }
  }
  return count == 0 ? 0 : std::sqrt(sum / count);
}

double quietest_level(std::vector<float> energies) {
  if (energies.empty()) {
    return 0;
  }
  const auto tenth = energies.begin() + static_cast<std::ptrdiff_t>(energies.size() / 10);
  std::nth_element(energies.begin(), tenth, energies.end());
  return std::sqrt(static_cast<double>(*tenth));
}

}  // namespace

double to_decibels(double amplitude) {
  return amplitude <= 1e-10 ? -200 : 20 * std::log10(amplitude);
}

double Levels::silent_share() const {
  return samples == 0 ? 0 : static_cast<double>(silent) / static_cast<double>(samples);
}

LevelMeter::LevelMeter(double rate)
    : window_(std::max<std::int64_t>(1, std::llround(kWindow * rate))) {}

void LevelMeter::add(std::span<const float> samples) {
  for (const float x : samples) {
    see(x);
  }
}

void LevelMeter::see(float x) {
  const float size = std::abs(x);
  levels_.peak = std::max(levels_.peak, size);
  if (size < kSilent) {
    ++levels_.silent;
    ++silence_;
    if (silence_ > levels_.longest_silence.length) {
      levels_.longest_silence = {levels_.samples + 1 - silence_, silence_};
    }
  } else {
    silence_ = 0;
    ++(x > 0 ? positive_ : negative_);
  }
  ++levels_.samples;
  window_sum_ += static_cast<double>(x);
  window_energy_ += static_cast<double>(x) * static_cast<double>(x);
  if (++in_window_ == window_) {
    end_window();
  }
}

void LevelMeter::end_window() {
  energy_ += window_energy_;
  if (in_window_ < window_ && !energies_.empty()) {
    return;  // the rest, of a few samples, is no window
  }
  const double mean = window_energy_ / static_cast<double>(in_window_);
  energies_.push_back(static_cast<float>(mean));
  sums_.push_back(static_cast<float>(window_sum_ / static_cast<double>(in_window_)));
  ++levels_.windows[row_of(mean)];
  in_window_ = 0;
  window_sum_ = 0;
  window_energy_ = 0;
}

Levels LevelMeter::finish() {
  if (in_window_ > 0) {
    end_window();
  }
  const auto samples = static_cast<double>(std::max<std::int64_t>(1, levels_.samples));
  levels_.rms = std::sqrt(energy_ / samples);
  levels_.active = active_level(energies_);
  levels_.quietest = quietest_level(energies_);
  const auto heard = static_cast<double>(std::max<std::int64_t>(1, positive_ + negative_));
  levels_.one_sided = static_cast<double>(std::max(positive_, negative_)) / heard;
  std::vector<double> means;
  for (std::size_t i = 0; i < sums_.size(); i += kWindowsOfAMean) {
    const std::size_t end = std::min(i + kWindowsOfAMean, sums_.size());
    if (i == 0 || end - i == kWindowsOfAMean) {
      means.push_back(std::accumulate(sums_.begin() + static_cast<std::ptrdiff_t>(i),
                                      sums_.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
                      static_cast<double>(end - i));
    }
  }
  levels_.offset = median(std::move(means));
  return levels_;
}

}  // namespace wavenet::data
