// Levels: how loud a sound is, how it lies around zero, and how much of it is silent.
//
//   LevelMeter meter(8000);
//   meter.add(block); meter.add(next_block);      // of one channel
//   Levels levels = meter.finish();
//   to_decibels(levels.peak)                      // -6.02... for 0.5; full scale is 0 dB
//
// A sample is silent where |x| < 2^-14: recorders and converters leave a few lowest bits in a pause, so that
// exact zeros say nothing. Windows last 20 ms. Left out: loudness as heard.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace wavenet::data {

inline constexpr float kSilent = 0x1p-14F;

double to_decibels(double amplitude);  // at least -200

// Windows by their level, in rows of 6 dB: [0, -6), [-6, -12), ... and below -90 dB the last one.
inline constexpr std::size_t kLevelRows = 16;
using LevelHistogram = std::array<std::int64_t, kLevelRows>;

struct Stretch {
  std::int64_t first = 0;  // sample
  std::int64_t length = 0;
};

struct Levels {
  std::int64_t samples = 0;
  float peak = 0;     // of |x|
  double rms = 0;     // of all samples
  double active = 0;  // of windows within 30 dB of the loudest: the level of what is there to hear
  double quietest = 0;      // RMS that a tenth of the windows do not exceed
  double offset = 0;        // the median of the means of quarter seconds: DC
  double one_sided = 0;     // share of the more frequent sign among samples that are not silent
  std::int64_t silent = 0;  // samples
  Stretch longest_silence;
  LevelHistogram windows{};

  double silent_share() const;
};

class LevelMeter {
 public:
  explicit LevelMeter(double rate);
  void add(std::span<const float> samples);  // all finite
  Levels finish();

 private:
  void see(float x);
  void end_window();

  std::int64_t window_;  // samples
  std::int64_t in_window_ = 0;
  double window_sum_ = 0;
  double window_energy_ = 0;
  std::vector<float> energies_;  // of the windows, a sample
  std::vector<float> sums_;      // of the windows
  double energy_ = 0;
  std::int64_t positive_ = 0;
  std::int64_t negative_ = 0;
  std::int64_t silence_ = 0;  // samples, up to now
  Levels levels_;
};

}  // namespace wavenet::data
