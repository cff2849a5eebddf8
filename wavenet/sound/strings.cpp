#include "wavenet/sound/strings.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wavenet/base/check.h"
#include "wavenet/base/split_mix.h"

namespace wavenet::sound {
namespace {

constexpr int kFraction = 30;  // bits of a coefficient's fraction
constexpr std::int64_t kOne = std::int64_t{1} << kFraction;
constexpr int kLevelBits = 24;        // of a sample: 1 is 2^24
constexpr double kMostGain = 0.9995;  // in a round, so that no level stands still

using Levels = std::vector<std::int64_t>;

std::int64_t fixed(double coefficient) { return std::llround(coefficient * kOne); }
std::int64_t times(std::int64_t coefficient, std::int64_t level) {
  return (coefficient * level + kOne / 2) >> kFraction;
}

// What goes round: `line` samples of delay, gain * ((1 - tap) x[n] + tap x[n-1]), an all-pass filter.
struct Loop {
  std::size_t line = 0;
  double gain = 1;
  double tap = 0.5;
  double all_pass = 0;
};

// The taps' share of the loss grows with the pitch; what they cannot lose, the gain does.
void set_decay(Loop& loop, double turn, double gain) {
  const double rest = gain / kMostGain;
  const double product = (1 - rest * rest) / (2 * (1 - std::cos(turn)));
  if (product >= 0.25) {
    loop.gain = gain / std::cos(turn / 2);
  } else {
    loop.gain = kMostGain;
    loop.tap = (1 - std::sqrt(1 - 4 * std::max(product, 0.0))) / 2;
  }
}

Loop loop_of(const Pluck& string, std::int64_t rate) {
  const double period = static_cast<double>(rate) / string.hertz;
  const double turn = 2 * std::numbers::pi / period;  // of the fundamental, a sample
  Loop loop;
  set_decay(loop, turn, std::pow(10, -3 / (string.hertz * string.decay)));
  const double taps =
      std::atan2(loop.tap * std::sin(turn), 1 - loop.tap + loop.tap * std::cos(turn)) / turn;
  loop.line = static_cast<std::size_t>(period - taps - 0.2);
  const double rest = period - taps - static_cast<double>(loop.line);  // 0.2 to 1.2
  loop.all_pass = std::sin(turn * (1 - rest) / 2) / std::sin(turn * (1 + rest) / 2);
  return loop;
}

// Noise without a mean, within a half.
Levels noise(std::size_t size, std::uint64_t seed) {
  Levels levels(size);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t bits =
        split_mix(split_mix(seed) + i * kSplitMixStride) >> (63 - kLevelBits);
    levels[i] = (static_cast<std::int64_t>(bits) - (std::int64_t{1} << kLevelBits)) / 2;
    sum += levels[i];
  }
  for (std::int64_t& level : levels) {
    level -= sum / static_cast<std::int64_t>(size);
  }
  return levels;
}

Levels ring(const Loop& loop, std::size_t samples, std::uint64_t seed) {
  const std::int64_t now = fixed(loop.gain * (1 - loop.tap));
  const std::int64_t then = fixed(loop.gain * loop.tap);
  const std::int64_t all_pass = fixed(loop.all_pass);
  Levels line = noise(loop.line, seed);
  Levels heard(samples);
  std::int64_t before = 0;
  std::int64_t entered = 0;
  std::int64_t left = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    std::int64_t& place = line[i % line.size()];
    heard[i] = place;
    const std::int64_t enters = times(now, place) + times(then, before);
    left = times(all_pass, enters - left) + entered;
    entered = enters;
    before = place;
    place = left;
  }
  return heard;
}

// --- the notes ---

constexpr std::int64_t kClips = 24;
constexpr std::int64_t kSeconds = 5;
constexpr double kSilence = 0.05;  // seconds
constexpr int kLowest = 45;        // A2, 110 Hz
constexpr int kHighest = 81;       // A5, 880 Hz

// Semitones above the key.
const std::vector<std::vector<int>> kScales{{0, 2, 4, 5, 7, 9, 11},   // major
                                            {0, 2, 3, 5, 7, 8, 10},   // minor
                                            {0, 2, 4, 7, 9},          // pentatonic
                                            {0, 2, 3, 5, 7, 9, 10},   // Dorian
                                            {0, 3, 5, 6, 7, 10},      // blues
                                            {0, 2, 3, 5, 7, 8, 11}};  // harmonic minor

class Player {
 public:
  Player(std::int64_t rate, std::int64_t clip, std::uint64_t seed)
      : rate_(rate),
        key_(split_mix(seed + static_cast<std::uint64_t>(clip) * kSplitMixStride)),
        scale_(&kScales[draw(kScales.size())]),
        root_(kLowest + static_cast<int>(draw(12))),
        mix_(static_cast<std::size_t>(kSeconds * rate)) {}

  void melody() {
    int degree = static_cast<int>(draw(scale_->size()) + scale_->size());
    for (double at = kSilence; at < kSeconds;) {
      const double length = 0.2 * static_cast<double>(1 + draw(3));
      play(at, length + 0.1, degree);
      at += length;
      degree = std::clamp(degree + static_cast<int>(draw(7)) - 3, 0, top());
    }
  }
  void arpeggio() {
    for (double at = kSilence; at < kSeconds;) {
      const int base = static_cast<int>(draw(scale_->size()));
      for (const int step : {0, 2, 4, 7, 4, 2}) {
        play(at, 0.9, base + step);
        at += 0.18;
      }
    }
  }
  void chords() {
    for (double at = kSilence; at < kSeconds; at += 1.2) {
      const int base = static_cast<int>(draw(scale_->size()));
      double late = 0;
      for (const int step : {0, 2, 4, 7, 9}) {
        play(at + late, 1.2, base + step);
        late += 0.018;
      }
    }
  }
  // The largest sample is between 0.4 and 0.9.
  std::vector<float> samples() {
    const auto peak = static_cast<std::int64_t>(13'107 + draw(29'491 - 13'107));
    std::int64_t most = 1;
    for (const std::int64_t level : mix_) {
      most = std::max(most, std::abs(level));
    }
    std::vector<float> made(mix_.size());
    std::transform(mix_.begin(), mix_.end(), made.begin(), [&](std::int64_t level) {
      const std::int64_t scaled = level * peak / most;
      return static_cast<float>(scaled) / 32768;
    });
    return made;
  }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return split_mix(key_ + kSplitMixStride * drawn_++) % below;
  }
  int top() const { return 3 * static_cast<int>(scale_->size()) - 1; }

  // Equal temperament, by exact powers of two and the twelve roots written out.
  double hertz_of(int degree) const {
    static constexpr double kRoots[] = {1,
                                        1.0594630943592953,
                                        1.122462048309373,
                                        1.189207115002721,
                                        1.2599210498948732,
                                        1.3348398541700344,
                                        1.4142135623730951,
                                        1.4983070768766815,
                                        1.5874010519681994,
                                        1.681792830507429,
                                        1.7817974362806785,
                                        1.8877486253633868};
    const int size = static_cast<int>(scale_->size());
    int note = root_ + 12 * (degree / size) + (*scale_)[static_cast<std::size_t>(degree % size)];
    while (note > kHighest) {
      note -= 12;
    }
    return std::ldexp(110 * kRoots[(note - kLowest) % 12], (note - kLowest) / 12);
  }

  // Fades over its last 20 ms; what lies beyond the clip is not heard.
  void play(double at, double seconds, int degree) {
    const auto first = static_cast<std::size_t>(std::llround(at * static_cast<double>(rate_)));
    const double hertz = hertz_of(degree);
    const Pluck string{.hertz = hertz, .seconds = seconds, .decay = 3.2 - hertz / 400};
    const auto length =
        static_cast<std::size_t>(std::llround(seconds * static_cast<double>(rate_)));
    const Levels heard = ring(loop_of(string, rate_), length, split_mix(key_ + drawn_));
    const auto strength = static_cast<std::int64_t>(40 + draw(61));  // percent
    const auto fade = static_cast<std::int64_t>(rate_ / 50);
    for (std::size_t i = 0; i < heard.size() && first + i < mix_.size(); ++i) {
      const std::int64_t left = std::min(static_cast<std::int64_t>(heard.size() - i), fade);
      mix_[first + i] += heard[i] * strength * left / (100 * fade);
    }
  }

  std::int64_t rate_;
  std::uint64_t key_;
  std::uint64_t drawn_ = 0;
  const std::vector<int>* scale_;
  int root_;
  Levels mix_;
};

}  // namespace

std::vector<float> pluck(const Pluck& string, std::int64_t rate, std::uint64_t seed) {
  check(rate >= 160 && rate <= 192'000, "strings: a rate of {} is outside 160 to 192000", rate);
  check(string.hertz >= 20 && string.hertz <= static_cast<double>(rate) / 8,
        "strings: a pitch of {} Hz is outside 20 to {}", string.hertz,
        static_cast<double>(rate) / 8);
  check(string.seconds > 0 && string.seconds <= 60 && string.decay > 0 && string.decay <= 60,
        "strings: times of {} and {} seconds are outside 0 to 60", string.seconds, string.decay);
  const auto samples = static_cast<std::size_t>(string.seconds * static_cast<double>(rate));
  const Levels heard = ring(loop_of(string, rate), samples, seed);
  std::vector<float> made(samples);
  std::transform(heard.begin(), heard.end(), made.begin(), [](std::int64_t level) {
    return std::clamp(static_cast<float>(level) / (1 << kLevelBits), -1.0F, 1.0F);
  });
  return made;
}

std::vector<Clip> notes(std::int64_t rate, std::uint64_t seed) {
  check(rate >= 8000 && rate <= 192'000, "notes: a rate of {} is outside 8000 to 192000", rate);
  std::vector<Clip> clips;
  for (std::int64_t i = 0; i < kClips; ++i) {
    Player player(rate, i, seed);
    if (i % 3 == 0) {
      player.melody();
    } else if (i % 3 == 1) {
      player.arpeggio();
    } else {
      player.chords();
    }
    clips.push_back({fmt::format("notes/{:02}", i + 1), player.samples()});
  }
  return clips;
}

}  // namespace wavenet::sound
