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
  check(x.dtype() != DType::i32 && x.dtype() == weight.dtype() && x.dtype() == bias.dtype(),
        "batch_norm: x of {}, weight of {}, bias of {}", x.dtype(), weight.dtype(), bias.dtype());
  const Tensor rows = reshape(x, {-1, x.size(-1)});
  check(rows.size(0) >= 2, "batch_norm: needs at least 2 rows, {} gives {}", x.shape(),
        rows.size(0));
  BatchNormed result{Tensor::empty(rows.shape(), x.dtype()), Tensor::empty(channels, x.dtype()),
                     Tensor::empty(channels, x.dtype())};
  backend().batch_norm(rows, weight, bias, eps, result.y, result.mean, result.variance);
  autograd::record(
      "batch_norm", result.y, {rows, weight, bias},
      [eps, rows = rows.detach(), weight = weight.detach(), mean = result.mean,
       variance = result.variance](const Tensor& dy, const autograd::InputGradients& d) {
        const Gradient dx = d[0];
        const Gradient dweight = d[1];  // before d[2], should both be one tensor
        const Gradient dbias = d[2];
        backend().batch_norm_backward(rows, weight, mean, variance, eps, dy, dx, dweight, dbias);
      });
  result.y = reshape(result.y, x.shape());
  return result;
}

}  // namespace wavenet
