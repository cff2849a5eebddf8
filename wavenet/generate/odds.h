// Odds: from a model's logits to the probabilities that the next token is drawn from.
//
//   generate::Odds odds({.temperature = 0.8, .min_p = 0.05}, vocabulary.size());
//   std::span<const float> p = odds(stream.logits());   // [V], valid until the next call
//
// Temperature first; then the k likeliest are kept, of these the likeliest up to a share p of their
// sum, and of these the ones that are at least min_p times as likely as the likeliest. What is kept
// keeps its probability, so the sum may be below 1. Allocates once. Left out: penalties for
// repetition.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wavenet::generate {

struct SampleOptions {
  double temperature = 1.0;            // divides the logits; 0 takes the likeliest token
  std::int64_t top_k = 0;              // keep the k likeliest; 0 keeps all
  double top_p = 1.0;                  // keep the likeliest until they reach a share p of the rest
  double min_p = 0.0;                  // keep those of at least min_p times the largest probability
  std::int64_t max_length = 1000;      // tokens at most, prompt included
  std::int32_t stop = 0;               // ends a word as the end marker does
  std::vector<std::int32_t> prompt{};  // tokens to start from
};

// Throws UsageError for values out of range.
void check_options(const SampleOptions& options);

class Odds {
 public:
  Odds(const SampleOptions& options, std::int64_t vocabulary);
  // logits: [V] -> [V]. Throws Error when they give no probabilities, as NaN does.
  std::span<const float> operator()(std::span<const float> logits);

 private:
  std::size_t likeliest_up_to(double share, std::size_t kept) const;
  void keep_likeliest();

  double temperature_;
  std::size_t top_k_;
  double top_p_;
  double min_p_;
  std::vector<float> p_;            // [V]
  std::vector<std::size_t> order_;  // [V], the likeliest first
};

}  // namespace wavenet::generate
