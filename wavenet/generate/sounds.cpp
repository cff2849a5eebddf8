#include "wavenet/generate/sounds.h"

#include <algorithm>

#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/base/split_mix.h"

namespace wavenet::generate {

Sounds::Sounds(const models::Model& model, const output::DrawOptions& options, std::uint64_t seed,
               std::int64_t count, std::uint64_t first) try
    : field_(model.receptive_field()),
      streams_(model, count),
      sampler_(model.output().sampler(options)),
      seed_(seed),
      first_(first),
      keys_(static_cast<std::size_t>(count)),
      tokens_(keys_.size()),
      codes_(keys_.size()) {
  check(model.vocabulary() <= kCodes, "sounds: a model of at most {} codes, got one of {}", kCodes,
        model.vocabulary());
  begin();
} catch (...) {
  rethrow_as_error("sample");
}

void Sounds::begin() {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = split_mix(split_mix(seed_) + first_ + i);
  }
  drawn_ = false;
}

// What stands further back than the field reaches no code, so one stream reads the rest for all.
void Sounds::prime(std::span<const std::uint8_t> codes) {
  Stream listener = streams_.fresh(1);
  for (const std::uint8_t code :
       codes.last(std::min(codes.size(), static_cast<std::size_t>(field_)))) {
    listener.push(code);
  }
  const Past heard = listener.past();
  for (std::int64_t i = 0; i < count(); ++i) {
    streams_.resume(i, heard);
  }
  begin();
}

std::uint8_t Sounds::draw(std::int64_t i) {
  std::uint64_t& key = keys_[static_cast<std::size_t>(i)];
  const double u = unit_interval(split_mix(key));
  key += kSplitMixStride;
  const std::int32_t code = sampler_->draw(sampler_->prepare(streams_.logits(i)), u);
  check(code >= 0 && code < streams_.vocabulary(), "sample: code {} is outside 0 to {}", code,
        streams_.vocabulary() - 1);
  return static_cast<std::uint8_t>(code);
}

// Pushed is what the call before has drawn: after the last code nothing is computed in vain.
std::span<const std::uint8_t> Sounds::next() {
  if (drawn_) {
    streams_.push(tokens_);
  }
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    codes_[i] = draw(static_cast<std::int64_t>(i));
    tokens_[i] = codes_[i];
  }
  drawn_ = true;
  return codes_;
}

void Sounds::make(std::span<std::uint8_t> block) {
  check(block.size() % codes_.size() == 0, "sounds: a block of {} codes for {} sounds",
        block.size(), codes_.size());
  const std::size_t length = block.size() / codes_.size();
  for (std::size_t t = 0; t < length; ++t) {
    const std::span<const std::uint8_t> now = next();
    for (std::size_t i = 0; i < now.size(); ++i) {
      block[i * length + t] = now[i];
    }
  }
}

}  // namespace wavenet::generate
