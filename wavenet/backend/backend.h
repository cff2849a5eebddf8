// Backend: the closed list of kernels that ops call, and what each promises.
//
//   Backend& k = backend();
//   k.gemm(x, w, y, Into::overwrite);                   // y = x w
//   k.gemm(x, transposed(dy, 0, 1), dw, Into::add);      // strides say what is transposed
//
// Rules for every kernel: outputs are allocated by the caller and come last; shapes and types were
// checked by the op; views may have any strides; a Gradient that is not wanted is left out; NaN in
// gives NaN out; the bits do not depend on the thread count.
// Left out: allocation, shape rules, gradients' bookkeeping (ops/, autograd/).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "wavenet/backend/activation.h"
#include "wavenet/backend/stft.h"
#include "wavenet/backend/workspace.h"
#include "wavenet/tensor/starts.h"
#include "wavenet/tensor/view.h"

namespace wavenet {

enum class Unary { negate, exp, log, sqrt, tanh, sigmoid, relu };
enum class Binary { add, subtract, multiply, divide };
enum class Into { overwrite, add };

// Where a kernel writes a gradient: over memory that holds nothing yet, or added to what stands
// there. An empty view when nobody asks for it.
struct Gradient {
  View to;
  Into into = Into::add;
  bool wanted() const { return to.data != nullptr; }
};

// What stands before a sequence's first row: the first row again, as if it had always been there,
// or zeros.
enum class Padding { first, zero };

struct ConvGeometry {
  std::int64_t width = 2;     // K, taps; the last one reads the present
  std::int64_t dilation = 1;  // D, rows from tap to tap
  Padding padding = Padding::first;
  std::int64_t from = 0;  // rows of y before it are left out
  Starts starts{};        // of packed sequences; then B = 1 and from = 0
};

inline constexpr std::int64_t kSumBlock = 256;

// How an AdamW step moves a parameter (Loshchilov and Hutter 2019, algorithm 2).
struct AdamWStep {
  double rate;
  double beta1;
  double beta2;
  double eps;
  double decay;       // of the weight itself, times the rate
  double scale;       // multiplies the gradient (clipping)
  std::int64_t step;  // counted from 1
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;

  // Memory. x and y have one shape and type.
  virtual void fill(double value, const View& y) = 0;
  virtual void copy(const View& x, const View& y) = 0;
  virtual void accumulate(const View& x, const View& y) = 0;  // y += x

  // Elementwise; a and b already broadcast to y's shape.
  virtual void unary(Unary op, const View& x, const View& y) = 0;
  virtual void unary_backward(Unary op, const View& x, const View& y, const View& dy,
                              const Gradient& dx) = 0;
  virtual void binary(Binary op, const View& a, const View& b, const View& y) = 0;
  // y = scale x + shift.
  virtual void affine(double scale, double shift, const View& x, const View& y) = 0;
  // The gated activation: t = tanh(a), s = sigmoid(b), y = t s.
  virtual void gate(const View& a, const View& b, const View& t, const View& s, const View& y) = 0;
  // y = t s again, where it is not empty.
  virtual void gate_backward(const View& t, const View& s, const View& dy, const Gradient& da,
                             const Gradient& db, const View& y = {}) = 0;
  // One more row for each of N sequences of a gated block. past: [N, 2 R], what filter and gate are
  // without their last tap; inner: [R, 2 R], that tap of both; carry: [N, R + S], the row x beside
  // the sum of skips; outer: [R, C] and bias: [C] reach carry's last C columns, all or skips alone:
  //   f, g = past + x inner;   z = tanh(f) sigmoid(g);   carry += z outer + bias
  virtual void gated_step(const View& past, const View& inner, const View& outer, const View& bias,
                          const View& carry) = 0;
  // Keeps each element with probability 1 - p, times 1 / (1 - p), and makes the others 0; x and y
  // are row-major. Which ones depends on `key` and the element's number alone.
  virtual void dropout(double p, std::uint64_t key, const View& x, const View& y, Into into) = 0;

  // y += sum of x over the dimensions in which y, of x's rank, has size 1. At most kSumBlock
  // elements in a row are summed in x's type, all else in double, so that long sums lose nothing.
  // The statistics and gradients of batch_norm and the gradients of biases are such sums too.
  virtual void sum(const View& x, const View& y) = 0;

  // In double throughout.
  virtual double sum_of_squares(const View& x) = 0;

  // a: [M, K], b: [K, N] -> c: [M, N] = a b + bias + addend; bias: [N] or empty, addend: [M, N] or
  // empty, and then Into::overwrite.
  virtual void gemm(const View& a, const View& b, const View& c, Into into, const View& bias = {},
                    const View& addend = {}) = 0;

  // x: [B, T, Cin], weight: [K Cin, Cout], bias: [Cout] or empty -> y: [B, T - from, Cout];
  // y[t - from] = bias + sum over taps k of x[t - (K-1-k) D] W_k + addend[t - from], W_k being rows
  // k Cin to (k+1) Cin; addend: as y, maybe with strides of 0, or empty.
  virtual void causal_conv1d(const View& x, const View& weight, const View& bias,
                             const ConvGeometry& geometry, const View& y,
                             const View& addend = {}) = 0;
  virtual void causal_conv1d_backward(const View& x, const View& weight,
                                      const ConvGeometry& geometry, const View& dy,
                                      const Gradient& dx, const Gradient& dweight,
                                      const Gradient& dbias) = 0;

  // Sums of R rows of T samples, which may stand anywhere, each T elements side by side of y's type: of
  // a convolution whose samples stand side by side, what a channel holds some samples ago is a row.
  // weight: [O, R], bias: [O] or empty, addend: [O, T], maybe y itself, or empty -> y: [O, T]; samples
  // stand side by side in addend and y. No row may overlap y. Allocates nothing, asks for no thread.
  //   y[o, t] = addend[o, t] + bias[o] + sum over r of weight[o, r] rows[r][t]
  // The bits of a sample depend neither on T nor on t.
  virtual void mix_rows(const View& weight, std::span<const void* const> rows, const View& bias,
                        const View& addend, const View& y) = 0;
  // Inner products of such rows, by which weights get their gradients. sums: [R, L], its columns side by
  // side. Allocates nothing, asks for no thread.
  //   sums[r, l] += sum over t of left[l][t] right[r][t]
  virtual void dot_rows(std::span<const void* const> left, std::span<const void* const> right,
                        std::int64_t samples, const View& sums) = 0;
  // x, y: [R, T], samples side by side; y may be x. To `total`, where it is not empty, y is added.
  virtual void activate(const Activation& activation, const View& x, const View& y,
                        const View& total = View()) = 0;
  // dx = dy times the activation's slope; kept: what it gave or, as slope_is_in_result says, was given.
  // dx may be dy.
  virtual void activate_backward(const Activation& activation, const View& kept, const View& dy,
                                 const View& dx) = 0;

  // y = scale x + shift, all [R, T], samples side by side; scale or shift may be empty, 1 and 0 then.
  // y may be one of the others. Allocates nothing, asks for no thread.
  virtual void modulate(const View& x, const View& scale, const View& shift, const View& y) = 0;
  // A layer of an LSTM over the samples one after the other. x: [I, T], weight: [I + H, 4 H] in one
  // piece, bias: [4 H], columns of the gates i, f, g, o; hidden, cell: [H, 1 + T], samples side by side,
  // begin with the state before and get that after each sample; room: [I + 6 H], to work in.
  // Allocates nothing, asks for no thread.
  //   i, f, g, o = bias + (x, hidden) weight
  //   cell = sigmoid(f) cell + sigmoid(i) tanh(g);   hidden = sigmoid(o) tanh(cell)
  virtual void lstm(const View& x, const View& weight, const View& bias, const View& room,
                    const View& hidden, const View& cell) = 0;

  // Rows are the last dimension.
  virtual void softmax(const View& x, const View& y) = 0;
  virtual void softmax_backward(const View& y, const View& dy, const Gradient& dx) = 0;
  virtual void log_softmax(const View& x, const View& y) = 0;
  virtual void log_softmax_backward(const View& y, const View& dy, const Gradient& dx) = 0;

  // log_p: [N, V], targets: i32 [N] -> loss: [], the mean over the rows with targets[n] >= 0 of
  // -(1 - smoothing) log_p[n, targets[n]] - smoothing / V sum over v of log_p[n, v].
  virtual void nll(const View& log_p, const View& targets, double smoothing, const View& loss) = 0;
  // dlogits[n, v]: dloss / N (exp(log_p[n, v]) - q[n, v]) for those N rows, q being the smoothed
  // target; 0 for the others.
  virtual void cross_entropy_backward(const View& log_p, const View& targets, double smoothing,
                                      const View& dloss, const Gradient& dlogits) = 0;

  // x: [B, T, W], targets: [B, T] -> y: [W], the mean of (x - targets)^2 of each of W nets.
  virtual void squared_error(const View& x, const View& targets, const View& y) = 0;
  virtual void squared_error_backward(const View& x, const View& targets, const View& dy,
                                      const Gradient& dx) = 0;

  // x: [N, L] -> the magnitudes of its short-time spectra, at least sqrt(kLeastPower), in memory of
  // StftGroups::magnitudes(), laid out as this backend likes.
  virtual void spectral_magnitudes(const View& x, const Stft& how, const View& magnitudes) = 0;
  // What the magnitudes of x, [N, L], and those of targets come to. `spectra` is empty or memory of
  // StftGroups::spectra(), in which the spectra of x are kept for the way back.
  virtual SpectralSums spectral_distance(const View& x, const View& magnitudes, const Stft& how,
                                         const View& spectra) = 0;
  // The gradient of difference / 2 * sum of (P - T)^2 + logarithm * sum of |ln P - ln T|. A magnitude
  // that counts as more than it is has none.
  virtual void spectral_distance_backward(const View& spectra, const View& magnitudes,
                                          const Stft& how, double difference, double logarithm,
                                          const Gradient& dx) = 0;

  // weight: [V, C], tokens: i32 [N] -> y: [N, C].
  virtual void embedding(const View& weight, const View& tokens, const View& y, Into into) = 0;
  virtual void embedding_backward(const View& tokens, const View& dy, const Gradient& dweight) = 0;

  // x: [N, C], weight, bias, mean, variance: [C] -> y: [N, C]. The variance is the unbiased one;
  // y = weight (x - mean) / sqrt(variance + eps) + bias.
  virtual void batch_norm(const View& x, const View& weight, const View& bias, double eps,
                          const View& y, const View& mean, const View& variance) = 0;
  virtual void batch_norm_backward(const View& x, const View& weight, const View& mean,
                                   const View& variance, double eps, const View& dy,
                                   const Gradient& dx, const Gradient& dweight,
                                   const Gradient& dbias) = 0;

  // p -= rate g.
  virtual void sgd_step(const View& g, double rate, const View& p) = 0;
  // v = momentum v + scale g + decay p, p -= rate v.
  virtual void momentum_step(const View& g, double rate, double momentum, double scale,
                             double decay, const View& v, const View& p) = 0;
  // m and v: running means of the gradient and of its square.
  virtual void adamw_step(const View& g, const AdamWStep& how, const View& m, const View& v,
                          const View& p) = 0;
  // average = decay average + (1 - decay) p.
  virtual void ema_step(const View& p, double decay, const View& average) = 0;
};

// To what the operands of f32 products (gemm and the convolutions) are rounded before they are
// multiplied: bf16 keeps 8 bits of 24. Sums, and everything else, stay f32.
enum class Precision { f32, bf16 };

// The specification: plain loops over float and double.
Backend& reference_backend(Precision precision = Precision::f32);
// Fast kernels for this machine's CPU; what it does not override, the reference does.
Backend& cpu_backend(Precision precision = Precision::f32);

// The one that ops use: cpu_backend() unless a test chooses another.
Backend& backend();

// For its lifetime, ops on this thread use `chosen`.
class UseBackend {
 public:
  explicit UseBackend(Backend& chosen);
  ~UseBackend();
  UseBackend(const UseBackend&) = delete;
  UseBackend& operator=(const UseBackend&) = delete;

 private:
  Backend* before_;
};

}  // namespace wavenet
