// ReferenceBackend: every kernel as plain loops, for float and double: the specification that fast
// backends are tested against and fall back on.
#pragma once

#include "wavenet/backend/backend.h"

namespace wavenet {

class ReferenceBackend : public Backend {
 public:
  std::string_view name() const override { return "reference"; }
  void fill(double value, const View& y) override;
  void copy(const View& x, const View& y) override;
  void accumulate(const View& x, const View& y) override;
  void unary(Unary op, const View& x, const View& y) override;
  void unary_backward(Unary op, const View& x, const View& y, const View& dy,
                      const Gradient& dx) override;
  void binary(Binary op, const View& a, const View& b, const View& y) override;
  void affine(double scale, double shift, const View& x, const View& y) override;
  void gate(const View& a, const View& b, const View& t, const View& s, const View& y) override;
  void gate_backward(const View& t, const View& s, const View& dy, const Gradient& da,
                     const Gradient& db, const View& y = {}) override;
  void gated_step(const View& past, const View& inner, const View& outer, const View& bias,
                  const View& carry) override;
  void dropout(double p, std::uint64_t key, const View& x, const View& y, Into into) override;
  void sum(const View& x, const View& y) override;
  double sum_of_squares(const View& x) override;
  void gemm(const View& a, const View& b, const View& c, Into into, const View& bias,
            const View& addend) override;
  void causal_conv1d(const View& x, const View& weight, const View& bias,
                     const ConvGeometry& geometry, const View& y, const View& addend) override;
  void causal_conv1d_backward(const View& x, const View& weight, const ConvGeometry& geometry,
                              const View& dy, const Gradient& dx, const Gradient& dweight,
                              const Gradient& dbias) override;
  void mix_rows(const View& weight, std::span<const void* const> rows, const View& bias,
                const View& addend, const View& y) override;
  void dot_rows(std::span<const void* const> left, std::span<const void* const> right,
                std::int64_t samples, const View& sums) override;
  void activate(const Activation& activation, const View& x, const View& y,
                const View& total) override;
  void modulate(const View& x, const View& scale, const View& shift, const View& y) override;
  void lstm(const View& x, const View& weight, const View& bias, const View& room,
            const View& hidden, const View& cell) override;
  void activate_backward(const Activation& activation, const View& kept, const View& dy,
                         const View& dx) override;
  void softmax(const View& x, const View& y) override;
  void softmax_backward(const View& y, const View& dy, const Gradient& dx) override;
  void log_softmax(const View& x, const View& y) override;
  void log_softmax_backward(const View& y, const View& dy, const Gradient& dx) override;
  void nll(const View& log_p, const View& targets, double smoothing, const View& loss) override;
  void cross_entropy_backward(const View& log_p, const View& targets, double smoothing,
                              const View& dloss, const Gradient& dlogits) override;
  void squared_error(const View& x, const View& targets, const View& y) override;
  void squared_error_backward(const View& x, const View& targets, const View& dy,
                              const Gradient& dx) override;
  void spectral_magnitudes(const View& x, const Stft& how, const View& magnitudes) override;
  SpectralSums spectral_distance(const View& x, const View& magnitudes, const Stft& how,
                                 const View& spectra) override;
  void spectral_distance_backward(const View& spectra, const View& magnitudes, const Stft& how,
                                  double difference, double logarithm, const Gradient& dx) override;
  void embedding(const View& weight, const View& tokens, const View& y, Into into) override;
  void embedding_backward(const View& tokens, const View& dy, const Gradient& dweight) override;
  void batch_norm(const View& x, const View& weight, const View& bias, double eps, const View& y,
                  const View& mean, const View& variance) override;
  void batch_norm_backward(const View& x, const View& weight, const View& mean,
                           const View& variance, double eps, const View& dy, const Gradient& dx,
                           const Gradient& dweight, const Gradient& dbias) override;
  void sgd_step(const View& g, double rate, const View& p) override;
  void momentum_step(const View& g, double rate, double momentum, double scale, double decay,
                     const View& v, const View& p) override;
  void adamw_step(const View& g, const AdamWStep& how, const View& m, const View& v,
                  const View& p) override;
  void ema_step(const View& p, double decay, const View& average) override;

 protected:
  // Where to add: memory that holds nothing yet is cleared.
  View cleared(const Gradient& gradient);
};

}  // namespace wavenet
