#include "wavenet/data/audio/trim.h"

#include <algorithm>
#include <cmath>

#include "wavenet/sound/mu_law.h"

namespace wavenet::data {

TrimmedCodes::TrimmedCodes(double decibels, std::function<void(SoundCodes)> sink)
    : level_(decibels == 0 ? 0 : static_cast<float>(std::pow(10, -decibels / 20))),
      sink_(std::move(sink)) {}

void TrimmedCodes::add(std::span<const float> samples) {
  if (level_ == 0) {
    keep_all(samples);
    return;
  }
  for (const float x : samples) {
    const float size = std::abs(x);
    cut_.peak = std::max(cut_.peak, size);
    const bool is_quiet = size < level_;
    if (is_quiet && cut_.kept == 0 && codes_.empty()) {  // before the first loud one
      ++cut_.begin;
      continue;
    }
    codes_.push_back(sound::code_of(x));
    quiet_ = is_quiet ? quiet_ + 1 : 0;
  }
  const auto loud = static_cast<std::ptrdiff_t>(codes_.size()) - quiet_;
  if (loud > 0) {
    sink_(SoundCodes(codes_).first(static_cast<std::size_t>(loud)));
    codes_.erase(codes_.begin(), codes_.begin() + loud);
    cut_.kept += loud;
  }
}

void TrimmedCodes::keep_all(std::span<const float> samples) {
  codes_.resize(samples.size());
  sound::code(samples, codes_);
  sink_(codes_);
  cut_.kept += static_cast<std::int64_t>(codes_.size());
  codes_.clear();
}

TrimmedCodes::Cut TrimmedCodes::finish() {
  cut_.end = static_cast<std::int64_t>(codes_.size());
  return cut_;
}

}  // namespace wavenet::data
