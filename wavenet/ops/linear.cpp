#include "wavenet/ops/linear.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/embedded_linear.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

// y = x weight + bias + addend, all but weight and bias as rows of channels. An addend whose
// sequences stand apart takes a product each.
void multiply(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& addend,
              const Tensor& y) {
  if (!addend.defined() || addend.is_contiguous()) {
    const View added = addend.defined() ? as_rows(addend) : View{};
    return backend().gemm(as_rows(x), weight, as_rows(y), Into::overwrite, bias, added);
  }
  if (addend.rank() != 3) {
    return multiply(x, weight, bias, contiguous(addend), y);
  }
  for (std::int64_t b = 0; b < y.size(0); ++b) {
    const auto one = [&](const View& all) { return squeezed(sliced(all, 0, b, b + 1, 1), 0); };
    backend().gemm(one(x), weight, one(y), Into::overwrite, bias, one(addend));
  }
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& addend) {
  check(weight.rank() == 2 && x.rank() >= 2 && x.size(-1) == weight.size(0),
        "linear: weight expects {} channels, x is {}", weight.size(0), x.shape());
  check(!bias.defined() || bias.shape() == Shape{weight.size(1)},
        "linear: bias must be [{}], got {}", weight.size(1),
        bias.defined() ? bias.shape() : Shape{});
  check(is_float(x.dtype()) && x.dtype() == weight.dtype() &&
            (!bias.defined() || bias.dtype() == x.dtype()),
        "linear: x of {}, weight of {}", x.dtype(), weight.dtype());
  Shape shape = x.shape();
  shape[-1] = weight.size(1);
  check(!addend.defined() || (addend.shape() == shape && addend.dtype() == x.dtype()),
        "linear: the addend must be {} {}, got {} {}", x.dtype(), shape,
        addend.defined() ? addend.dtype() : x.dtype(), addend.defined() ? addend.shape() : Shape{});
  if (const auto rows = EmbeddedRows::of(x); rows && is_worth_a_table(*rows)) {
    const Tensor y = reshape(embedded_linear(*rows, weight, bias), shape);
    return addend.defined() ? addend + y : y;
  }
  const Tensor from = x.rank() == 2 ? x : contiguous(x);
  Tensor y = Tensor::empty(shape, x.dtype());
  multiply(from, weight, bias, addend, y);
  std::vector<Tensor> inputs{from, weight};
  for (const Tensor& added : {bias, addend}) {
    if (added.defined()) {
      inputs.push_back(added);
    }
  }
  autograd::record("linear", y, std::move(inputs),
                   [biased = bias.defined(), adds = addend.defined()](
                       const Tensor& dy_of_any_rank, const autograd::InputGradients& d) {
                     if (adds) {
                       d.give(biased ? 3 : 2, dy_of_any_rank);
                     }
                     const View dy = as_rows(dy_of_any_rank);
                     if (const Gradient dx = d[0]; dx.wanted()) {
                       backend().gemm(dy, transposed(d.input(1), 0, 1), as_rows(dx.to), dx.into);
                     }
                     if (const Gradient dweight = d[1]; dweight.wanted()) {
                       backend().gemm(transposed(as_rows(d.input(0)), 0, 1), dy, dweight.to,
                                      dweight.into);
                     }
                     if (biased && d.wants(2)) {
                       backend().sum(dy, unsqueezed(d.zeroed(2), 0));
                     }
                   });
  return y;
}

}  // namespace wavenet
