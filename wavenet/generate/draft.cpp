#include "wavenet/generate/draft.h"

namespace wavenet::generate {

double Draft::uniform() {
  const std::uint64_t bits = split_mix(key_);
  key_ += kSplitMixStride;
  return unit_interval(bits);
}

std::optional<std::int32_t> Draft::next(const output::Sampler& sampler,
                                        std::span<const float> prepared) {
  if (word_.ended || word_.tokens.size() >= max_length_) {
    return std::nullopt;
  }
  const std::int32_t token = sampler.draw(prepared, uniform());
  if (token == 0 || token == stop_) {
    word_.ended = true;
    return std::nullopt;
  }
  word_.tokens.push_back(token);
  return token;
}

}  // namespace wavenet::generate
