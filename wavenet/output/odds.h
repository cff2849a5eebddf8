// Odds: from a model's logits to the probabilities that the next code is drawn from.
//
//   output::Odds odds({.temperature = 0.8, .min_p = 0.05}, vocabulary.size());
//   std::span<const float> p = odds(stream.logits());   // [V], valid until the next call
//   std::int32_t next = output::pick(p, u);
//
// Temperature first; then the k likeliest are kept, of these the likeliest up to a share p of their
// sum, and of these the ones that are at least min_p times as likely as the likeliest. What is kept
// keeps its probability, so the sum may be below 1. Allocates once. Left out: penalties for
// repetition.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/output/output.h"

namespace wavenet::output {

// A class drawn with odds p, which need not sum to 1, by one number u of [0, 1).
std::int32_t pick(std::span<const float> p, double u);

class Odds : public Sampler {
 public:
  // Throws UsageError for options out of range.
  Odds(const DrawOptions& options, std::int64_t classes);
  // logits: [V] -> [V]. Throws Error when they give no probabilities, as NaN does.
  std::span<const float> operator()(std::span<const float> logits);

  std::span<const float> prepare(std::span<const float> raw) override { return (*this)(raw); }
  std::int32_t draw(std::span<const float> p, double u) const override { return pick(p, u); }
  // The class that torch.multinomial would draw.
  std::int32_t draw_with(std::span<const float> p, Rng& rng) const override {
    return static_cast<std::int32_t>(rng.multinomial(p));
  }
  double share(std::span<const float> p, std::int32_t code) const override;

 private:
  std::size_t likeliest_up_to(double share, std::size_t kept) const;
  void keep_likeliest();
  void keep_from(double least);

  double temperature_;
  std::size_t top_k_;
  double top_p_;
  double min_p_;
  std::vector<float> p_;            // [V]
  std::vector<std::size_t> order_;  // [V], those that may be kept first, by their odds
};

}  // namespace wavenet::output
