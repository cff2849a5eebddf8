#include "wavenet/sound/resample.h"

#include <samplerate.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/sound/level.h"

namespace wavenet::sound {
namespace {

constexpr std::size_t kInputBlock = 4096;  // samples that go in at once
constexpr std::int64_t kBeyond = 1 << 10;  // more room than a block's samples need

void check_rate(std::int64_t rate) {
  check(rate >= 1 && rate <= kMaxSampleRate,
        "resample: a rate must be 1 to {} samples a second, got {}", kMaxSampleRate, rate);
}

void check_finite(std::span<const float> samples, std::int64_t first) {
  if (!std::isfinite(largest(samples))) {
    const std::size_t place = first_not_finite(samples);
    fail_damaged("resample: sample {} is {}, and sound consists of finite numbers",
                 first + static_cast<std::int64_t>(place), samples[place]);
  }
}

}  // namespace

struct Resampler::State {
  State() : converter(src_new(SRC_SINC_BEST_QUALITY, 1, &error)) {
    check_as(ErrorKind::memory, converter != nullptr,
             "resample: no memory is left for a converter");
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { src_delete(converter); }
  int error = 0;
  SRC_STATE* converter;
};

Resampler::Resampler(std::int64_t from, std::int64_t to) : from_(from), to_(to) {
  check_rate(from);
  check_rate(to);
  check(within_ratio(from, to), "resample: {} and {} samples a second are more than {} times apart",
        from, to, kMaxRatio);
  if (from != to) {
    state_ = std::make_unique<State>();
    out_.resize(
        static_cast<std::size_t>(static_cast<std::int64_t>(kInputBlock) * to / from + kBeyond));
  }
}

Resampler::Resampler(Resampler&&) noexcept = default;
Resampler& Resampler::operator=(Resampler&&) noexcept = default;
Resampler::~Resampler() = default;

void Resampler::push(std::span<const float> samples, const Sink& sink) {
  check_finite(samples, pushed_);
  pushed_ += static_cast<std::int64_t>(samples.size());
  if (state_ == nullptr) {
    return hand_on(samples, std::numeric_limits<std::int64_t>::max(), sink);
  }
  for (; !samples.empty(); samples = samples.subspan(std::min(kInputBlock, samples.size()))) {
    convert(samples.first(std::min(kInputBlock, samples.size())), false, sink);
  }
}

// Silence goes in behind the end, as the converter itself would have it there, so that there is no less
// than the wanted length; what is more is cut.
void Resampler::finish(const Sink& sink) {
  if (state_ != nullptr && pushed_ > 0) {
    std::array<float, kInputBlock> silence{};
    convert(std::span(silence).first(static_cast<std::size_t>(2 + 2 * from_ / to_)), true, sink);
  }
}

void Resampler::convert(std::span<const float> samples, bool last, const Sink& sink) {
  const std::int64_t end =
      last ? (2 * pushed_ * to_ + from_) / (2 * from_) : std::numeric_limits<std::int64_t>::max();
  SRC_DATA data{};
  data.src_ratio = static_cast<double>(to_) / static_cast<double>(from_);
  data.end_of_input = last ? 1 : 0;
  do {
    data.data_in = samples.data();
    data.input_frames = static_cast<long>(samples.size());
    data.data_out = out_.data();
    data.output_frames = static_cast<long>(out_.size());
    const int error = src_process(state_->converter, &data);
    check(error == 0, "resample: from {} to {} samples a second fails with error {}", from_, to_,
          error);
    samples = samples.subspan(static_cast<std::size_t>(data.input_frames_used));
    hand_on(std::span(out_).first(static_cast<std::size_t>(data.output_frames_gen)), end, sink);
  } while (!samples.empty() || (last && data.output_frames_gen > 0));
}

void Resampler::hand_on(std::span<const float> samples, std::int64_t most, const Sink& sink) {
  const auto room = static_cast<std::uint64_t>(std::max<std::int64_t>(most - handed_, 0));
  samples = samples.first(static_cast<std::size_t>(std::min<std::uint64_t>(samples.size(), room)));
  handed_ += static_cast<std::int64_t>(samples.size());
  if (!samples.empty()) {
    sink(samples);
  }
}

std::vector<float> resample(std::span<const float> samples, std::int64_t from, std::int64_t to) {
  std::vector<float> result;
  Resampler resampler(from, to);
  const Sink keep = [&](std::span<const float> block) {
    result.insert(result.end(), block.begin(), block.end());
  };
  resampler.push(samples, keep);
  resampler.finish(keep);
  return result;
}

}  // namespace wavenet::sound
