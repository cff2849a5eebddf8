#include "wavenet/generate/prefixes.h"

#include <algorithm>

namespace wavenet::generate {
namespace {

constexpr double kWorthwhile = 4;  // words that share a prefix; a copy costs as much as it saves
constexpr double kLeastShare = 1.0 / 4096;
constexpr std::size_t kBytes = 8 << 20;

}  // namespace

Prefixes::Prefixes(const Stream& begun, output::Sampler& sampler, std::int64_t words)
    : vocabulary_(static_cast<std::size_t>(begun.vocabulary())),
      width_(static_cast<std::size_t>(begun.width())),
      least_share_(std::max(kLeastShare, kWorthwhile / static_cast<double>(words))),
      most_(kBytes /
            (begun.past(0).bytes() + width_ * sizeof(float) + vocabulary_ * sizeof(Node))) {
  keep(begun, 0, 1, sampler);
}

Prefixes::Node Prefixes::keep(const Stream& stream, std::int64_t i, double share,
                              output::Sampler& sampler) {
  pasts_.push_back(stream.past(i));
  shares_.push_back(share);
  const std::span<const float> prepared = sampler.prepare(stream.logits(i));
  check(prepared.size() == width_, "sample: {} numbers were prepared of {}", prepared.size(),
        width_);
  prepared_.insert(prepared_.end(), prepared.begin(), prepared.end());
  longer_.resize(pasts_.size() * vocabulary_, kUnknown);
  return static_cast<Node>(pasts_.size()) - 1;
}

Prefixes::Node Prefixes::add(Node node, std::int32_t token, const Stream& stream, std::int64_t i,
                             output::Sampler& sampler) {
  if (const Node longer = after(node, token); longer != kUnknown) {
    return longer;  // by another stream, in the same step
  }
  const double share =
      shares_[static_cast<std::size_t>(node)] * sampler.share(prepared(node), token);
  if (share < least_share_ || pasts_.size() >= most_) {
    return kUnknown;
  }
  const Node added = keep(stream, i, share, sampler);
  longer_[place(node, token)] = added;
  return added;
}

}  // namespace wavenet::generate
