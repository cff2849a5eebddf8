// Waveform: the numbers are samples, and one is right when it is near the sample that was recorded. The loss
// is that which amplifier models are trained on: the mean squared error, and a small part of how far the
// spectra lie apart at three resolutions (Yamamoto et al. 2020, arXiv 1910.11480, section 2.2).
//
//   const output::Waveform output({.nets = 2});
//   Tensor loss = output.loss(raw, targets);                         // [B, T, 2] and f32 [B, T] -> []
//   double esr = output.judge(raw, targets).mean();                  // of both together
//   double of_the_first = output.judge_each(raw, targets)[0].mean();
//
// Several nets may answer side by side, each on its own; losses and scores are sums over them. A score's
// mean is the error-to-signal ratio (ESR), the sum of squared errors over that of squared targets.
// Spectral convergence is a quotient of sums over the minibatch that loss() is given: where it is cut
// into shards, each has its own. Left out: weights of nets, and drawing, as nothing is drawn.
#pragma once

#include "wavenet/output/output.h"

namespace wavenet::output {

struct WaveformOptions {
  std::int64_t nets = 1;    // W
  double mrstft = 0.0005;   // the weight of the spectra's distance; 0: none
  double pre_emphasis = 0;  // c: spectra are those of x[t] - c x[t - 1]
};

class Waveform : public Output {
 public:
  // Throws Error for fewer nets than 1, a weight below 0 and a pre-emphasis outside [0, 1].
  explicit Waveform(const WaveformOptions& options);
  std::string kind() const override { return "waveform"; }
  std::int64_t width() const override { return options_.nets; }
  std::string unit() const override { return "ESR"; }
  // Throws Error for so few samples that their largest frame, of 2,048, has no mirror image.
  Tensor loss(const Tensor& raw, const Tensor& targets) const override;
  // Squared errors.
  std::vector<double> losses(const Tensor& raw, const Tensor& targets) const override;
  Score judge(const Tensor& raw, const Tensor& targets) const override;
  std::vector<Score> judge_each(const Tensor& raw, const Tensor& targets) const override;
  // Throws UsageError: the samples themselves are the answer.
  std::unique_ptr<Sampler> sampler(const DrawOptions& options) const override;

 private:
  void check_shapes(const Tensor& raw, const Tensor& targets) const;

  WaveformOptions options_;
};

// Reads output.mrstft and output.pre_emphasis.
std::shared_ptr<const Output> waveform(const Config& recipe, std::int64_t nets);

}  // namespace wavenet::output
