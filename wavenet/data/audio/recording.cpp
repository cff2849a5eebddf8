#include "wavenet/data/audio/recording.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/response.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/test_signal.h"

namespace wavenet::data {
namespace {

using Span = std::span<const float>;

constexpr float kSame = 0x1p-15F;    // what writing 16 bits may change
constexpr float kHeard = 0x1p-10F;   // of a part that is to be heard
constexpr double kMostLonger = 1.0;  // seconds, of the output
constexpr float kLouder = 0.0003F;   // than the background is an answer, or
constexpr float kLouderBy = 1.001F;
constexpr Lags kLags{};                // searched
constexpr double kProminent = 8;       // where noise has 4
constexpr std::int64_t kAround = 240;  // samples, of a blip

Span part_of(Span samples, std::int64_t begin, std::int64_t end) {
  return samples.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

bool is_silent(Span samples) { return sound::largest(samples) <= kSame; }

bool are_alike(Span a, Span b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](float x, float y) { return std::abs(x - y) <= kSame; });
}

Track read_track(const std::string& file) {
  Track track{.file = file, .report = {}, .samples = {}};
  track.samples = sound::read_all(file, {}, &track.report);
  return track;
}

std::optional<std::int64_t> latency_by_blips(const Recording& recording) {
  const std::int64_t begin = sound::kBlipsAt[0] - sound::kSignalRate / 4;
  const float background =
      sound::largest(part_of(recording.out.samples, begin, begin + sound::kSignalRate / 8));
  const float threshold = std::max(background + kLouder, kLouderBy * background);
  for (std::int64_t lag = kLags.earliest; lag < kLags.latest; ++lag) {
    float sum = 0;
    for (const std::int64_t blip : sound::kBlipsAt) {
      sum += recording.out.samples[static_cast<std::size_t>(blip + lag)];
    }
    if (std::abs(sum / static_cast<float>(sound::kBlipsAt.size())) > threshold) {
      return lag == kLags.earliest ? std::nullopt : std::optional(lag);
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> latency_by_response(const Recording& recording) {
  const Span in = recording.in.samples;
  if (std::ssize(in) < 4 * (kLags.latest - kLags.earliest)) {
    return std::nullopt;
  }
  const Response found = response(in, Span(recording.out.samples).first(in.size()), kLags);
  return found.prominence < kProminent ? std::nullopt : std::optional(found.onset);
}

}  // namespace

Recording read_recording(const std::string& paths, const Between& between) {
  const std::vector<std::string> files = paths_of(paths);
  check_usage(files.size() == 2,
              "an amplifier is recorded in two files, IN.wav,OUT.wav with a comma between; '{}' "
              "names {}",
              paths, files.size());
  Recording recording{.in = read_track(files[0]), .out = {}, .planned = false};
  if (between) {
    between(0.5);
  }
  recording.out = read_track(files[1]);
  recording.planned = follows_plan(recording.in.samples, recording.rate());
  return recording;
}

bool follows_plan(Span samples, std::int64_t rate) {
  const std::int64_t size = std::ssize(samples);
  if (rate != sound::kSignalRate || size < 27 * sound::kSignalRate) {
    return false;
  }
  constexpr std::int64_t kPause = sound::kSignalRate / 10 * 4;
  const auto parts = sound::signal_parts(size);
  const auto of = [&](sound::SignalPlace place) {
    return part_of(samples, parts[place].begin, parts[place].end);
  };
  const Span blips = of(sound::kBlips);
  std::int64_t from = parts[sound::kBlips].begin;
  bool alone = true;
  for (const std::int64_t blip : sound::kBlipsAt) {
    alone = alone && is_silent(part_of(samples, from, blip - kAround)) &&
            sound::largest(part_of(samples, blip - kAround, blip + kAround)) > kHeard;
    from = blip + kAround;
  }
  alone = alone && is_silent(part_of(samples, from, parts[sound::kBlips].end - kPause));
  const Span judged = of(sound::kJudged);
  return alone && !blips.empty() && sound::largest(judged) > kHeard &&
         is_silent(of(sound::kQuiet).last(kPause)) && is_silent(of(sound::kPause).last(kPause)) &&
         are_alike(judged, of(sound::kJudgedAgain));
}

std::vector<Refusal> refusals(const Recording& recording) {
  std::vector<Refusal> all;
  const auto refuse = [&](const Track& track, const char* rule, std::string what,
                          const char* advice) -> Refusal& {
    return all.emplace_back(Refusal{rule, track.file, std::move(what), advice});
  };
  const auto& [in, out, planned] = recording;
  for (const Track* track : {&in, &out}) {
    if (track->report.facts.channels != 1) {
      refuse(*track, "channels",
             fmt::format("has {} channels, an amplifier has one", track->report.facts.channels),
             "export it as mono");
    }
    if (sound::largest(track->samples) == 0) {
      refuse(*track, "silent", "holds nothing but silence", "check cables and levels");
    }
  }
  const std::int64_t rate = recording.rate();
  if (out.report.facts.rate != rate) {
    refuse(out, "rates",
           fmt::format("has {} samples a second, the input {}", out.report.facts.rate, rate),
           "record at the input's rate; resampling shifts and filters");
  }
  const std::int64_t longer = std::ssize(out.samples) - std::ssize(in.samples);
  const auto most = static_cast<std::int64_t>(kMostLonger * static_cast<double>(rate));
  if (longer < 0) {
    refuse(out, "lengths", fmt::format("is {} samples shorter than the input", -longer),
           "export it from the input's beginning to its end");
  } else if (longer > most) {
    refuse(out, "lengths",
           fmt::format("is {} samples longer than the input, at most {} are allowed", longer, most),
           "export it from the input's beginning to its end");
  }
  if (out.report.peak >= 1) {
    const auto clipped = std::find_if(out.samples.begin(), out.samples.end(),
                                      [](float x) { return std::abs(x) >= 1; });
    refuse(out, "clipped output", fmt::format("reaches full scale: {:.4f}", out.report.peak),
           "record it again at a lower level")
        .seconds = static_cast<double>(clipped - out.samples.begin()) /
                   static_cast<double>(out.report.facts.rate);
  }
  return all;
}

std::optional<Latency> latency_of(const Recording& recording) {
  if (recording.planned) {
    if (const auto lag = latency_by_blips(recording)) {
      return Latency{*lag - 1, "blips"};
    }
  }
  if (const auto lag = latency_by_response(recording)) {
    return Latency{*lag - 1, "correlation"};
  }
  return std::nullopt;
}

}  // namespace wavenet::data
