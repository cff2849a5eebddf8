#include "wavenet/generate/prefixes.h"

#include <algorithm>
#include <numeric>

namespace wavenet::generate {
namespace {

constexpr double kWorthwhile = 4;  // words that share a prefix; a copy costs as much as it saves
constexpr double kLeastShare = 1.0 / 4096;
constexpr std::size_t kBytes = 8 << 20;

}  // namespace

Prefixes::Prefixes(const Stream& begun, Odds& odds, std::int64_t words)
    : vocabulary_(static_cast<std::size_t>(begun.vocabulary())),
      least_share_(std::max(kLeastShare, kWorthwhile / static_cast<double>(words))),
      most_(kBytes / (begun.past(0).bytes() + vocabulary_ * (sizeof(float) + sizeof(Node)))) {
  keep(begun, 0, 1, odds);
}

Prefixes::Node Prefixes::keep(const Stream& stream, std::int64_t i, double share, Odds& odds) {
  pasts_.push_back(stream.past(i));
  shares_.push_back(share);
  const std::span<const float> p = odds(stream.logits(i));
  odds_.insert(odds_.end(), p.begin(), p.end());
  longer_.resize(odds_.size(), kUnknown);
  return static_cast<Node>(pasts_.size()) - 1;
}

Prefixes::Node Prefixes::add(Node node, std::int32_t token, const Stream& stream, std::int64_t i,
                             Odds& odds) {
  if (const Node longer = after(node, token); longer != kUnknown) {
    return longer;  // by another stream, in the same step
  }
  const std::span<const float> p = this->odds(node);
  const double share = shares_[static_cast<std::size_t>(node)] *
                       static_cast<double>(p[static_cast<std::size_t>(token)]) /
                       std::accumulate(p.begin(), p.end(), 0.0);
  if (share < least_share_ || pasts_.size() >= most_) {
    return kUnknown;
  }
  const Node added = keep(stream, i, share, odds);
  longer_[static_cast<std::size_t>(node) * vocabulary_ + static_cast<std::size_t>(token)] = added;
  return added;
}

}  // namespace wavenet::generate
