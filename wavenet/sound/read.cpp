#include "wavenet/sound/read.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/sound/decoder.h"
#include "wavenet/sound/level.h"

namespace wavenet::sound {
namespace {

// The mean of the channels, and what it loses of their power.
class Mix {
 public:
  explicit Mix(std::int64_t channels) : channels_(static_cast<std::size_t>(channels)) {}

  // Valid until the next call.
  std::span<const float> operator()(std::span<const float> frames) {
    if (channels_ == 1) {
      return frames;
    }
    mix_.resize(frames.size() / channels_);
    const float share = 1 / static_cast<float>(channels_);
    for (std::size_t i = 0; i < mix_.size(); ++i) {
      float sum = 0;
      float power = 0;
      for (const float x : frames.subspan(i * channels_, channels_)) {
        sum += x * share;
        power += x * share * (x * share);
      }
      mix_[i] = sum;
      left_ += static_cast<double>(sum) * static_cast<double>(sum);
      expected_ += static_cast<double>(power);
    }
    return mix_;
  }

  // Channels that have nothing to do with each other add up to the sum of their powers; a hundredth of
  // what two channels have on average is a fiftieth of that.
  bool cancels() const { return expected_ > 0 && left_ < expected_ / 50; }

 private:
  std::size_t channels_;
  std::vector<float> mix_;
  double left_ = 0;
  double expected_ = 0;
};

// Clamps what is handed on, and counts.
class Limiter {
 public:
  Limiter(std::string name, Report& report, const Sink& sink)
      : name_(std::move(name)), report_(report), sink_(sink) {}

  void operator()(std::span<const float> samples) { (*this)(samples, largest(samples)); }
  // No sample is larger than `peak`.
  void operator()(std::span<const float> samples, float peak) {
    if (!std::isfinite(peak)) {
      const std::size_t place = first_not_finite(samples);
      fail_damaged("{}: sample {} is {} after resampling", name_,
                   report_.samples + static_cast<std::int64_t>(place), samples[place]);
    }
    report_.peak = std::max(report_.peak, peak);
    report_.samples += static_cast<std::int64_t>(samples.size());
    sink_(peak > 1 ? clamped(samples) : samples);
  }

 private:
  std::span<const float> clamped(std::span<const float> samples) {
    clamped_.assign(samples.begin(), samples.end());
    for (float& x : clamped_) {
      report_.clamped += std::abs(x) > 1 ? 1 : 0;
      x = std::clamp(x, -1.0F, 1.0F);
    }
    return clamped_;
  }

  std::string name_;
  Report& report_;
  const Sink& sink_;
  std::vector<float> clamped_;
};

void check_wanted(const std::string& name, std::int64_t rate, std::int64_t wanted) {
  check_usage(wanted >= 1 && wanted <= kMaxSampleRate,
              "{}: cannot be read at {} samples a second, only at 1 to {}", name, wanted,
              kMaxSampleRate);
  check(
      within_ratio(rate, wanted),
      "{}: has {} samples a second and cannot be brought to {}: no rate is brought to one that is "
      "more than {} times as high or as low",
      name, rate, wanted, kMaxRatio);
}

std::string told_of_mix(const std::string& name, std::int64_t channels) {
  return fmt::format(
      "{}: its {} channels extinguish each other when they are mixed, as where one is the other "
      "upside down; take one of them",
      name, channels);
}

}  // namespace

Facts look(const std::filesystem::path& path) { return Decoder(path).facts(); }

Report read(const std::filesystem::path& path, const ReadOptions& options, const Sink& sink) {
  Decoder decoder(path);
  Report report;
  report.facts = decoder.facts();
  const std::int64_t wanted = options.rate.value_or(report.facts.rate);
  check_wanted(path.string(), report.facts.rate, wanted);
  report.resampled = wanted != report.facts.rate;
  Resampler resampler(report.facts.rate, wanted);
  Mix mix(report.facts.channels);
  Limiter limiter(path.string(), report, sink);
  const Sink limited = std::ref(limiter);
  for (auto frames = decoder.next(); !frames.empty(); frames = decoder.next()) {
    if (report.resampled) {
      resampler.push(mix(frames), limited);
    } else if (report.facts.channels > 1) {
      limiter(mix(frames));
    } else {
      limiter(frames, decoder.peak());
    }
  }
  resampler.finish(limited);
  report.frames = decoder.frames();
  report.warnings = decoder.close();
  report.cancels = mix.cancels();
  if (report.cancels) {
    report.warnings.push_back(told_of_mix(path.string(), report.facts.channels));
  }
  return report;
}

std::vector<float> read_all(const std::filesystem::path& path, const ReadOptions& options,
                            Report* report) {
  std::vector<float> samples;
  Report told = read(path, options, [&](std::span<const float> block) {
    samples.insert(samples.end(), block.begin(), block.end());
  });
  if (report != nullptr) {
    *report = std::move(told);
  }
  return samples;
}

}  // namespace wavenet::sound
