#include "wavenet/autograd/gradcheck.h"

#include <cmath>

#include "wavenet/autograd/autograd.h"

namespace wavenet {
namespace {

// Uneven, so that gradients that merely sum to the right value are caught.
double weight_of(std::int64_t i) {
  return 0.5 + 0.25 * std::sin(1.0 + 1.7 * static_cast<double>(i));
}

double weighted_sum(const Tensor& y) {
  double total = 0;
  std::int64_t i = 0;
  for (double value : y.to_vector<double>()) {
    total += weight_of(i++) * value;
  }
  return total;
}

}  // namespace

GradCheck gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                    const std::vector<Tensor>& inputs, double step, double tolerance) {
  std::vector<Tensor> copies;  // contiguous, ours to move
  for (const Tensor& input : inputs) {
    check(input.dtype() != DType::f32, "gradcheck: inputs are f64 or i32, not f32");
    copies.push_back(input.dtype() == DType::i32
                         ? input
                         : parameter(Tensor::from(input.to_vector<double>(), input.shape())));
  }
  const Tensor y = f(copies);
  Tensor seed = Tensor::empty(y.shape(), DType::f64);
  for (std::int64_t i = 0; i < seed.numel(); ++i) {
    seed.data<double>()[i] = weight_of(i);
  }
  backward(y, seed);

  GradCheck result;
  const NoGrad guard;
  for (std::size_t n = 0; n < copies.size(); ++n) {
    if (copies[n].dtype() == DType::i32) {
      continue;
    }
    const Tensor gradient = grad(copies[n]);
    for (std::int64_t i = 0; i < copies[n].numel(); ++i) {
      double& x = copies[n].data<double>()[i];
      const double before = x;
      x = before + step;
      const double above = weighted_sum(f(copies));
      x = before - step;
      const double below = weighted_sum(f(copies));
      x = before;
      const double numeric = (above - below) / (2 * step);
      const double analytic = gradient.defined() ? gradient.data<double>()[i] : 0.0;
      const double error = std::abs(analytic - numeric) / std::max(1.0, std::abs(numeric));
      if (!(error <= result.worst)) {
        result.worst = error;
        result.message = fmt::format("input {}, element {}: gradient {:.10g}, difference {:.10g}",
                                     n, i, analytic, numeric);
      }
    }
  }
  result.ok = result.worst <= tolerance;
  return result;
}

}  // namespace wavenet
