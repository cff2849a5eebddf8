#include "wavenet/play/line.h"

#include <algorithm>
#include <cstring>

namespace wavenet::play {
namespace {

constexpr std::int64_t kCacheLine = 16;  // floats

// Rows an odd number of cache lines apart fall into different sets of the cache.
std::int64_t spread(std::int64_t floats) {
  const std::int64_t lines = (floats + kCacheLine - 1) / kCacheLine;
  return (lines | 1) * kCacheLine;
}

}  // namespace

void Line::widen(std::int64_t channels) { channels_ = std::max(channels_, channels); }

void Line::reach(std::int64_t past) { past_ = std::max(past_, past); }

void Line::lay_out() {
  constexpr std::int64_t kBlocks = 4;  // at least, from one copy of the past to the next
  const std::int64_t ahead = past_ == 0 ? kBlock : std::max(kBlocks * kBlock, past_ / 2);
  row_ = spread(past_ + ahead);
  memory_.assign(static_cast<std::size_t>(channels_ * row_), 0.0F);
  begin_ = memory_.data() + past_;
  keep();
}

void Line::open(std::int64_t samples) noexcept {
  if (begin_ + samples > memory_.data() + row_) {
    move_to_front();
  }
}

void Line::move_to_front() noexcept {
  const float* from = begin_ - past_;
  for (std::int64_t c = 0; c < channels_; ++c) {
    std::memmove(memory_.data() + c * row_, from + c * row_,
                 static_cast<std::size_t>(past_) * sizeof(float));
  }
  begin_ = memory_.data() + past_;
}

void Line::keep() {
  kept_.clear();
  for (std::int64_t c = 0; c < channels_; ++c) {
    kept_.insert(kept_.end(), now(c) - past_, now(c));
  }
}

void Line::restore() noexcept {
  begin_ = memory_.data() + past_;
  for (std::int64_t c = 0; c < channels_; ++c) {
    std::copy_n(kept_.data() + c * past_, past_, now(c) - past_);
  }
}

Channels::Channels(Line& line, std::int64_t first, std::int64_t count)
    : line_(&line),
      first_(first),
      count_(count),
      view_{nullptr, DType::f32, Shape{count, 0}, Shape{0, 1}} {}

const View& Channels::of(std::int64_t samples, std::int64_t back) noexcept {
  if (line_ != nullptr) {
    view_.data = line_->now(first_) - back;
    view_.shape[1] = samples;
    view_.strides[0] = line_->row();
  }
  return view_;
}

}  // namespace wavenet::play
