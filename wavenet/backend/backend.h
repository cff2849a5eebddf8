// Backend: the closed list of kernels that ops call, and what each promises.
//
//   Backend& k = backend();
//   k.gemm(x, w, y, Into::overwrite);                   // y = x w
//   k.gemm(x, transposed(dy, 0, 1), dw, Into::add);      // strides say what is transposed
//
// Rules for every kernel: outputs are allocated by the caller and come last; shapes and types were
// checked by the op; views may have any strides; kernels named *_backward and those with Into::add
// add to what stands there; NaN in gives NaN out; the bits do not depend on the thread count.
// Left out: allocation, shape rules, gradients' bookkeeping (ops/, autograd/).
#pragma once

#include <string_view>

#include "wavenet/tensor/view.h"

namespace wavenet {

enum class Unary { negate, exp, log, sqrt, tanh, sigmoid, relu };
enum class Binary { add, subtract, multiply, divide };
enum class Into { overwrite, add };

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
                              const View& dx) = 0;
  virtual void binary(Binary op, const View& a, const View& b, const View& y) = 0;
  // y = scale x + shift.
  virtual void affine(double scale, double shift, const View& x, const View& y) = 0;

  // y += sum of x over the dimensions in which y, of x's rank, has size 1. Summed in double.
  virtual void sum(const View& x, const View& y) = 0;

  // a: [M, K], b: [K, N] -> c: [M, N].
  virtual void gemm(const View& a, const View& b, const View& c, Into into) = 0;

  // Rows are the last dimension.
  virtual void softmax(const View& x, const View& y) = 0;
  virtual void softmax_backward(const View& y, const View& dy, const View& dx) = 0;
  virtual void log_softmax(const View& x, const View& y) = 0;
  virtual void log_softmax_backward(const View& y, const View& dy, const View& dx) = 0;

  // log_p: [N, V], targets: i32 [N] -> loss: [], the mean of -log_p[n, targets[n]].
  virtual void nll(const View& log_p, const View& targets, const View& loss) = 0;
  // dlogits[n, v] += dloss / N (exp(log_p[n, v]) - [v == targets[n]]).
  virtual void cross_entropy_backward(const View& log_p, const View& targets, const View& dloss,
                                      const View& dlogits) = 0;

  // weight: [V, C], tokens: i32 [N] -> y: [N, C].
  virtual void embedding(const View& weight, const View& tokens, const View& y) = 0;
  virtual void embedding_backward(const View& tokens, const View& dy, const View& dweight) = 0;

  // x: [N, C], weight, bias, mean, variance: [C] -> y: [N, C]. The variance is the unbiased one;
  // y = weight (x - mean) / sqrt(variance + eps) + bias.
  virtual void batch_norm(const View& x, const View& weight, const View& bias, double eps,
                          const View& y, const View& mean, const View& variance) = 0;
  // dx, dweight, dbias may be empty views (data == nullptr) when nobody asks for them.
  virtual void batch_norm_backward(const View& x, const View& weight, const View& mean,
                                   const View& variance, double eps, const View& dy, const View& dx,
                                   const View& dweight, const View& dbias) = 0;

  // p -= rate g.
  virtual void sgd_step(const View& g, double rate, const View& p) = 0;
};

// The specification: plain loops over float and double.
Backend& reference_backend();
// Fast kernels for this machine's CPU; what it does not override, the reference does.
Backend& cpu_backend();

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
