// LinearPrediction: a coder of mu-law codes that predicts each sample from those before it, as lossless
// audio coders do. The mark that a network of sound has to beat.
//
//   const std::vector<Codes> train{first_file, second_file}, val{third_file};
//   LinearPrediction coder = LinearPrediction::fit(train);
//   double nats = coder.loss(val);   // a sample
//   coder.losses(third_file, [](double nats_of_one) { ... });
//
// x_t is the level of code t; before a file stands silence for ever. Once in 16 samples the predictor's
// 32 coefficients come from the last 192 levels alone, so that a decoder could follow: these under a
// window, a cosine that rises from the oldest and falls over the newest 16, scaled to the energy 1; of
// that the autocorrelation r, r[0] times 1 + 3e-4 and 1e-9 more; and Levinson and Durbin's recursion,
// which also tells the error to expect, g^2. The prediction m is clamped to [-1, 1].
//
// The error's scale: ln s = w . (1, ln(a_k + f), ln(g + f), ln(|m| + 1/255)), with a_k the means of
// |x - m| so far, which forget over 6, 12, 24 and 200 samples and begin at 1e-4, and f = 2e-5. Its
// distribution: a mixture of Student's t around m, of 2, 4 and 8 degrees of freedom and scales s 2^k,
// and of a uniform one over the codes. A code's probability is what lies between its edges; those of the
// first and last code are open. So all sum to 1.
//
// Fitted on train: w by least squares on ln(|x - m| + f), then the mixture's weights by expectation and
// maximization, on at most 2^19 samples, spread evenly as pieces. The numbers above were chosen by hand on
// a share of train of Debian's English prompts. Left out: coefficients that are sent, the pitch.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "wavenet/baselines/code_counts.h"

namespace wavenet::baselines {

// What comes next, from the codes so far. 6 KB, one thread at a time.
class LinearPredictor {
 public:
  static constexpr std::size_t kOrder = 32;
  static constexpr std::size_t kBlock = 16;
  static constexpr std::size_t kWindow = 192;
  static constexpr std::size_t kFeatures = 7;
  static constexpr double kLeastError = 2e-5;  // f

  LinearPredictor();
  void push(std::uint8_t code);
  double prediction() const { return prediction_; }
  // (1, ln(a_k + f), ln(g + f), ln(|m| + 1/255)).
  std::array<double, kFeatures> features() const;

 private:
  void adapt();
  void predict();

  std::array<double, kWindow + kBlock> levels_{};
  std::size_t end_ = kWindow;                  // of the levels known so far
  std::array<double, kOrder> coefficients_{};  // of the newest level first
  std::array<double, 4> errors_{};             // a_k
  double gain_ = 0;                            // g
  double prediction_ = 0;
};

class LinearPrediction {
 public:
  static constexpr std::size_t kComponents = 12;  // of the mixture; the last is the uniform one
  struct Parameters {
    std::array<double, LinearPredictor::kFeatures> scale{};
    std::array<double, kComponents> mixture{};  // above 0, their sum 1
  };

  explicit LinearPrediction(const Parameters& parameters) : parameters_(parameters) {}
  // Without a sample in train: one that knows nothing, ln 256 a sample.
  static LinearPrediction fit(const std::vector<Codes>& train);

  const Parameters& parameters() const { return parameters_; }
  // Of a code, where `predictor` stands.
  double probability(const LinearPredictor& predictor, std::uint8_t code) const;
  // -ln p of each sample of a file, in order.
  void losses(Codes file, const std::function<void(double)>& sink) const;
  // The mean of those over all files. Throws Error where there is no sample.
  double loss(const std::vector<Codes>& files) const;

 private:
  Parameters parameters_;
};

}  // namespace wavenet::baselines
