// Prefixes: beginnings that many words share, each computed once.
//
//   Prefixes prefixes(begun, *sampler, /*words=*/20'000);
//   Prefixes::Node node = Prefixes::kNothing;           // what every word begins with
//   std::span<const float> p = prefixes.prepared(node); // for draws of the token after it
//   Prefixes::Node next = prefixes.after(node, token);  // kUnknown: the model must be asked
//   streams.resume(i, prefixes.past(node));
//   streams.push(tokens);
//   next = prefixes.add(node, token, streams, i, *sampler);
//
// Keeps those that enough words are likely to share, in at most 8 MB. Left out: forgetting.
#pragma once

#include <span>
#include <vector>

#include "wavenet/generate/stream.h"

namespace wavenet::generate {

class Prefixes {
 public:
  using Node = std::int32_t;
  static constexpr Node kUnknown = -1;
  static constexpr Node kNothing = 0;

  // begun: one stream before a word's first token; `words`: how many will be made.
  Prefixes(const Stream& begun, output::Sampler& sampler, std::int64_t words);

  std::span<const float> prepared(Node node) const {
    return {prepared_.data() + static_cast<std::size_t>(node) * width_, width_};
  }
  const Past& past(Node node) const { return pasts_[static_cast<std::size_t>(node)]; }
  // `node` and one token more; kUnknown where that was never added.
  Node after(Node node, std::int32_t token) const { return longer_[place(node, token)]; }
  // Keeps `node` and one token more, where stream i stands; kUnknown when too few words are likely
  // to begin so or the memory is full.
  Node add(Node node, std::int32_t token, const Stream& stream, std::int64_t i,
           output::Sampler& sampler);

 private:
  Node keep(const Stream& stream, std::int64_t i, double share, output::Sampler& sampler);
  std::size_t place(Node node, std::int32_t token) const {
    return static_cast<std::size_t>(node) * vocabulary_ + static_cast<std::size_t>(token);
  }

  std::size_t vocabulary_;
  std::size_t width_;
  double least_share_;  // of all words
  std::size_t most_;    // nodes
  std::vector<Past> pasts_;
  std::vector<double> shares_;   // of all words, that are likely to begin so
  std::vector<float> prepared_;  // [nodes, width]
  std::vector<Node> longer_;     // [nodes, V]
};

}  // namespace wavenet::generate
