#include "wavenet/ops/linear.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/embedded_linear.h"
#include "wavenet/ops/view.h"

namespace wavenet {

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  check(weight.rank() == 2 && x.rank() >= 2 && x.size(-1) == weight.size(0),
        "linear: weight expects {} channels, x is {}", weight.size(0), x.shape());
  check(!bias.defined() || bias.shape() == Shape{weight.size(1)},
        "linear: bias must be [{}], got {}", weight.size(1),
        bias.defined() ? bias.shape() : Shape{});
  check(x.dtype() != DType::i32 && x.dtype() == weight.dtype() &&
            (!bias.defined() || bias.dtype() == x.dtype()),
        "linear: x of {}, weight of {}", x.dtype(), weight.dtype());
  Shape shape = x.shape();
  shape[-1] = weight.size(1);
  if (const auto rows = EmbeddedRows::of(x); rows && is_worth_a_table(*rows)) {
    return reshape(embedded_linear(*rows, weight, bias), shape);
  }
  const Tensor from = x.rank() == 2 ? x : contiguous(x);
  Tensor y = Tensor::empty(shape, x.dtype());
  backend().gemm(as_rows(from), weight, as_rows(y), Into::overwrite, bias);
  std::vector<Tensor> inputs{from, weight};
  if (bias.defined()) {
    inputs.push_back(bias);
  }
  autograd::record(
      "linear", y, std::move(inputs),
      [biased = bias.defined()](const Tensor& dy_of_any_rank, const autograd::InputGradients& d) {
        const View dy = as_rows(dy_of_any_rank);
        if (const Gradient dx = d[0]; dx.wanted()) {
          backend().gemm(dy, transposed(d.input(1), 0, 1), as_rows(dx.to), dx.into);
        }
        if (const Gradient dweight = d[1]; dweight.wanted()) {
          backend().gemm(transposed(as_rows(d.input(0)), 0, 1), dy, dweight.to, dweight.into);
        }
        if (biased && d.wants(2)) {
          backend().sum(dy, unsqueezed(d.zeroed(2), 0));
        }
      });
  return y;
}

}  // namespace wavenet
