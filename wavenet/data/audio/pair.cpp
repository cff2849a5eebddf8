#include "wavenet/data/audio/pair.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/baselines/played.h"
#include "wavenet/sound/test_signal.h"

namespace wavenet::data {
namespace {

constexpr double kLoudness = 0.12589254117941673;  // RMS: -18 dB

Latency latency_for(const Recording& recording, const PairOptions& options) {
  if (options.latency) {
    return {*options.latency, "data.latency"};
  }
  const std::optional<Latency> found = latency_of(recording);
  check(found.has_value(),
        "{}: nothing tells how late it is after {}; say it in samples: data.latency",
        recording.out.file, recording.in.file);
  return *found;
}

double scale_for(const Pair& pair, const PairOptions& options) {
  if (options.scale || !options.normalise) {
    return options.scale.value_or(1);
  }
  const auto train = std::span<const float>(pair.out).subspan(
      static_cast<std::size_t>(pair.train.first), static_cast<std::size_t>(pair.train.size()));
  const double rms =
      std::sqrt(baselines::energy_of(train) / static_cast<double>(pair.train.size()));
  return rms > 0 ? kLoudness / rms : 1;
}

// Both as long as they answer each other; gives how many samples of the input's beginning were dropped.
std::int64_t align(Pair& pair) {
  const std::int64_t late = pair.latency.samples;
  const std::int64_t first = std::max<std::int64_t>(0, -late);
  const std::int64_t last = std::min(std::ssize(pair.in), std::ssize(pair.out) - late);
  pair.in.erase(pair.in.begin() + std::max(first, last), pair.in.end());
  pair.in.erase(pair.in.begin(), pair.in.begin() + first);
  pair.out.erase(pair.out.begin(),
                 pair.out.begin() + std::clamp<std::int64_t>(late, 0, std::ssize(pair.out)));
  pair.out.resize(pair.in.size());
  return first;
}

}  // namespace

Pair made_ready(Recording recording, const PairOptions& options) {
  for (const Refusal& refusal : refusals(recording)) {
    fail("{}: {}; {}", refusal.file, refusal.what, refusal.advice);
  }
  Pair pair{.rate = recording.rate(),
            .planned = recording.planned,
            .latency = latency_for(recording, options),
            .scale = 1,
            .in = std::move(recording.in.samples),
            .out = std::move(recording.out.samples),
            .train = {},
            .val = {}};
  const std::int64_t whole = std::ssize(pair.in);
  check(std::abs(pair.latency.samples) < whole, "{}: a latency of {} samples, and it has {}",
        recording.out.file, pair.latency.samples, whole);
  const std::int64_t dropped = align(pair);
  const std::int64_t size = std::ssize(pair.in);
  if (pair.planned) {
    const auto parts = sound::signal_parts(whole);
    pair.train = {parts[sound::kBlips].begin - dropped, parts[sound::kPause].end - dropped};
    pair.val = {parts[sound::kJudgedAgain].begin - dropped, size};
  } else {
    check(options.val_share > 0 && options.val_share < 1,
          "{}: data.val_share must be between 0 and 1, got {}", recording.out.file,
          options.val_share);
    const auto val = static_cast<std::int64_t>(static_cast<double>(size) * options.val_share);
    pair.train = {0, size - val};
    pair.val = {size - val, size};
  }
  check(pair.val.size() > 0 && pair.train.size() > 0 && pair.train.first >= 0,
        "{}: {} samples are too few to train and to judge on", recording.out.file, size);
  pair.scale = scale_for(pair, options);
  for (float& x : pair.out) {
    x = static_cast<float>(static_cast<double>(x) * pair.scale);
  }
  return pair;
}

}  // namespace wavenet::data
