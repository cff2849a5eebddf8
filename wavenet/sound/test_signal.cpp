#include "wavenet/sound/test_signal.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "wavenet/base/split_mix.h"
#include "wavenet/sound/strings.h"

namespace wavenet::sound {
namespace {

constexpr int kBits = 23;  // of a sample's fraction
constexpr std::int64_t kFull = std::int64_t{1} << kBits;
constexpr std::uint64_t kSeed = 1;

using LevelSpan = std::span<std::int64_t>;

// 2^30 sin(2 pi turn / 2^32), by its power series on a quarter of a turn.
std::int64_t sine(std::uint32_t turn) {
  constexpr std::array<std::int64_t, 7> kSeries{1'686'629'713, -693'598'668, 85'569'306, -5'026'995,
                                                172'272,       -3'864,       61};
  constexpr std::int64_t kQuarter = std::int64_t{1} << 30;
  const std::int64_t within = turn % static_cast<std::uint32_t>(kQuarter);
  const auto quarter = turn >> 30;
  const std::int64_t x = quarter % 2 == 0 ? within : kQuarter - within;
  const std::int64_t square = x * x >> 30;
  std::int64_t sum = 0;
  for (std::size_t i = kSeries.size(); i-- > 0;) {
    sum = kSeries[i] + (sum * square >> 30);
  }
  const std::int64_t size = std::min(sum * x >> 30, kQuarter);
  return quarter < 2 ? size : -size;
}

// 20 Hz to 20 kHz in 1.5 s, each octave in the same time.
void sweep(LevelSpan to, std::int64_t level) {
  constexpr std::int64_t kGrowth = 27'006'299'045;  // 2^48 (1000^(1 / 72000) - 1)
  constexpr std::int64_t kFade = kSignalRate / 200;
  const auto size = static_cast<std::int64_t>(to.size());
  std::int64_t step = 117'281'240'296;  // of a turn, 2^-48: 20 Hz
  std::uint64_t turn = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t fade = std::min({i, size - 1 - i, kFade});
    const std::int64_t x = sine(static_cast<std::uint32_t>(turn >> 16)) * level >> 30;
    to[static_cast<std::size_t>(i)] = x * fade / kFade;
    turn += static_cast<std::uint64_t>(step);
    step += (step >> 20) * kGrowth >> 28;
  }
}

// White, from 1/128 of full scale up by 6 dB at each eighth of its time.
void rising_noise(LevelSpan to) {
  const std::uint64_t key = split_mix(kSeed);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto bits = static_cast<std::int64_t>(split_mix(key + i * kSplitMixStride) >> 40);
    to[i] = (bits - kFull) * 9 / 10 >> (7 - 8 * i / to.size());
  }
}

// Someone who plays single notes, pairs, chords and muted strings, each phrase at another strength.
class Guitarist {
 public:
  // `phrase`: strokes at most of one strength.
  Guitarist(std::uint64_t seed, std::size_t phrase) : key_(split_mix(seed)), phrase_(phrase) {}

  void play(LevelSpan to) {
    for (std::size_t at = 0; at < to.size();) {
      if (left_in_phrase_-- == 0) {
        left_in_phrase_ = draw(phrase_);
        strength_ = kStrengths[3 * ++phrases_ % kStrengths.size()];
        gesture_ = draw(4);
      }
      const std::size_t length = std::min<std::size_t>(length_of_next(), to.size() - at);
      stroke(to.subspan(at, length));
      at += length;
    }
  }

 private:
  static constexpr std::array<std::int64_t, 8> kStrengths{10, 20, 32, 46, 60, 75, 90, 100};  // %

  std::size_t draw(std::size_t below) {
    return split_mix(key_ + ++drawn_ * kSplitMixStride) % below;
  }

  std::size_t length_of_next() {
    constexpr std::array<std::size_t, 4> kLeast{110, 250, 700, 80};  // ms, of each gesture
    return (kLeast[gesture_] + draw(2 * kLeast[gesture_])) * (kSignalRate / 1000);
  }

  // Gestures: 0 single notes, 1 pairs, 2 chords, 3 muted chords.
  void stroke(LevelSpan to) {
    constexpr std::array<std::size_t, 4> kStrings{1, 2, 6, 3};
    constexpr std::array<std::size_t, 6> kIntervals{0, 7, 12, 16, 19, 24};
    const std::size_t root = draw(gesture_ == 0 ? 40 : 20);
    const auto strings = static_cast<std::int64_t>(kStrings[gesture_]);
    const double decay = gesture_ == 3 ? 0.4 : 8;
    const std::size_t softness = draw(8);
    for (std::int64_t i = 0; i < strings; ++i) {
      const std::size_t note = root + kIntervals[static_cast<std::size_t>(i)];
      const auto late = static_cast<std::size_t>(i) * (kSignalRate / 200);
      if (late < to.size()) {
        add_string(to.subspan(late), note, decay, softness, kFull / 400 * 3 * strength_ / strings);
      }
    }
    fade(to);
  }

  // `loudest`: its largest level. Of the hiss of a string's beginning as many periods are left out as it is
  // soft.
  void add_string(LevelSpan to, std::size_t note, double decay, std::size_t softness,
                  std::int64_t loudest) {
    constexpr double kLowE = 82.5;  // Hz, about E2
    // Of the semitones above it; literals, so that no machine's rounding of a power matters.
    constexpr std::array<double, 12> kRoots{1,
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
    const double hertz = std::ldexp(kLowE * kRoots[note % 12], static_cast<int>(note / 12));
    const auto skipped =
        static_cast<std::size_t>(static_cast<double>(softness) * kSignalRate / hertz);
    const std::vector<float> heard =
        pluck({.hertz = hertz,
               .seconds = static_cast<double>(to.size() + skipped) / kSignalRate + 0.001,
               .decay = decay},
              kSignalRate, split_mix(key_ + ++drawn_ * kSplitMixStride));
    std::vector<std::int64_t> soft(to.size());
    std::transform(heard.begin() + static_cast<std::ptrdiff_t>(skipped),
                   heard.begin() + static_cast<std::ptrdiff_t>(skipped + soft.size()), soft.begin(),
                   [](float x) { return std::llround(x * (2 * kFull)); });
    for (std::size_t round = 0; round < softness; ++round) {
      for (std::size_t i = soft.size() - 1; i > 0; --i) {
        soft[i] = (soft[i] + soft[i - 1]) >> 1;
      }
    }
    std::int64_t most = 1;
    for (const std::int64_t level : soft) {
      most = std::max(most, std::abs(level));
    }
    for (std::size_t i = 0; i < soft.size(); ++i) {
      to[i] += soft[i] * loudest / most;
    }
  }

  static void fade(LevelSpan to) {
    constexpr std::size_t kFade = kSignalRate / 200;
    for (std::size_t i = 0; i < std::min(kFade, to.size()); ++i) {
      std::int64_t& level = to[to.size() - 1 - i];
      level = level * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(kFade);
    }
  }

  std::uint64_t key_;
  std::uint64_t drawn_ = 0;
  std::size_t phrase_;
  std::size_t left_in_phrase_ = 0;  // strokes
  std::size_t phrases_ = 0;
  std::size_t gesture_ = 0;
  std::int64_t strength_ = 0;
};

}  // namespace

std::vector<float> test_signal() {
  std::vector<std::int64_t> levels(kSignalSamples);
  const auto parts = signal_parts();
  const auto of = [&](SignalPlace place) {
    const auto [name, begin, end] = parts[place];
    return LevelSpan(levels).subspan(static_cast<std::size_t>(begin),
                                     static_cast<std::size_t>(end - begin));
  };
  Guitarist(kSeed, 2).play(of(kJudged));
  for (const std::int64_t blip : kBlipsAt) {
    levels[static_cast<std::size_t>(blip)] = kFull / 10 * 9;
  }
  const LevelSpan sweeps = of(kSweeps);
  sweep(sweeps.first(sweeps.size() / 2), kFull / 10);
  sweep(sweeps.last(sweeps.size() / 2), kFull / 10 * 8);
  rising_noise(of(kNoise));
  Guitarist(kSeed + 1, 12).play(of(kPlaying));
  std::copy_n(levels.begin(), of(kJudged).size(), of(kJudgedAgain).begin());
  std::vector<float> samples(levels.size());
  std::transform(levels.begin(), levels.end(), samples.begin(), [](std::int64_t level) {
    return static_cast<float>(level) / static_cast<float>(kFull);
  });
  return samples;
}

}  // namespace wavenet::sound
