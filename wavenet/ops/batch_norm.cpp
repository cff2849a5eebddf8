#include "wavenet/ops/batch_norm.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/view.h"

namespace wavenet {

BatchNormed batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps) {
  check(x.rank() >= 2, "batch_norm: x must be [..., C] with at least 2 dimensions, got {}",
        x.shape());
  const Shape channels{x.size(-1)};
  check(weight.shape() == channels && bias.shape() == channels,
        "batch_norm: weight {} and bias {} must be {}, as x is {}", weight.shape(), bias.shape(),
        channels, x.shape());
  check(is_float(x.dtype()) && x.dtype() == weight.dtype() && x.dtype() == bias.dtype(),
        "batch_norm: x of {}, weight of {}, bias of {}", x.dtype(), weight.dtype(), bias.dtype());
  const Tensor from = contiguous(x);
  const std::int64_t rows = as_rows(from).shape[0];
  check(rows >= 2, "batch_norm: needs at least 2 rows, {} gives {}", x.shape(), rows);
  BatchNormed result{Tensor::empty(x.shape(), x.dtype()), Tensor::empty(channels, x.dtype()),
                     Tensor::empty(channels, x.dtype())};
  backend().batch_norm(as_rows(from), weight, bias, eps, as_rows(result.y), result.mean,
                       result.variance);
  autograd::record("batch_norm", result.y, {from, weight, bias},
                   [eps, mean = result.mean, variance = result.variance](
                       const Tensor& dy, const autograd::InputGradients& d) {
                     const Gradient dx = d[0];
                     const Gradient dweight = d[1];  // before d[2], should both be one tensor
                     const Gradient dbias = d[2];
                     backend().batch_norm_backward(as_rows(d.input(0)), d.input(1), mean, variance,
                                                   eps, as_rows(dy), {as_rows(dx.to), dx.into},
                                                   dweight, dbias);
                   });
  return result;
}

}  // namespace wavenet
