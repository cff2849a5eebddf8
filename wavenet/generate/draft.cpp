#include "wavenet/generate/draft.h"

namespace wavenet::generate {

std::int32_t pick(std::span<const float> p, double u) {
  double total = 0;
  for (const float weight : p) {
    total += static_cast<double>(weight);
  }
  double left = u * total;
  std::size_t last = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    if (p[k] > 0) {
      last = k;
      left -= static_cast<double>(p[k]);
      if (left < 0) {
        break;
      }
    }
  }
  return static_cast<std::int32_t>(last);  // where rounding left a rest: the last that is possible
}

double Draft::uniform() {
  const std::uint64_t bits = split_mix(key_);
  key_ += kSplitMixStride;
  return unit_interval(bits);
}

std::optional<std::int32_t> Draft::next(std::span<const float> p) {
  if (word_.ended || word_.tokens.size() >= max_length_) {
    return std::nullopt;
  }
  const std::int32_t token = pick(p, uniform());
  if (token == 0 || token == stop_) {
    word_.ended = true;
    return std::nullopt;
  }
  word_.tokens.push_back(token);
  return token;
}

}  // namespace wavenet::generate
