#include "wavenet/ops/causal_conv1d.h"

#include <utility>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/view.h"

namespace wavenet {

namespace {

void check_shapes(const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const ConvGeometry& geometry) {
  check(geometry.width >= 1, "causal_conv1d: the width must be at least 1, got {}", geometry.width);
  check(geometry.dilation >= 1 && geometry.dilation <= kMaxDilation,
        "causal_conv1d: the dilation must be from 1 to {}, got {}", kMaxDilation,
        geometry.dilation);
  check(x.rank() == 3 && x.numel() > 0, "causal_conv1d: x must be [B, T, C], got {}", x.shape());
  check(weight.rank() == 2 && weight.size(0) == geometry.width * x.size(2),
        "causal_conv1d: weight must be [{} x {} channels, Cout] as x is {}, got {}", geometry.width,
        x.size(2), x.shape(), weight.shape());
  check(!bias.defined() || bias.shape() == Shape{weight.size(1)},
        "causal_conv1d: bias must be [{}], got {}", weight.size(1),
        bias.defined() ? bias.shape() : Shape{});
  check(is_float(x.dtype()) && x.dtype() == weight.dtype() &&
            (!bias.defined() || bias.dtype() == x.dtype()),
        "causal_conv1d: x of {}, weight of {}", x.dtype(), weight.dtype());
  check(geometry.from >= 0 && geometry.from < x.size(1),
        "causal_conv1d: rows from {} on are asked for, x is {}", geometry.from, x.shape());
  check(geometry.starts == nullptr ||
            (x.size(0) == 1 && geometry.from == 0 && geometry.starts->back() < x.size(1)),
        "causal_conv1d: packed sequences must be [1, T, C], all rows of them, got {}", x.shape());
}

void check_addend(const Tensor& addend, const Shape& y, DType dtype) {
  Shape every = y;
  every[1] = 1;
  check((addend.shape() == y || addend.shape() == every) && addend.dtype() == dtype,
        "causal_conv1d: the addend must be {} {} or {}, got {} {}", dtype, y, every, addend.dtype(),
        addend.shape());
}

}  // namespace

Tensor causal_conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                     const ConvGeometry& geometry, const Tensor& addend) {
  check_shapes(x, weight, bias, geometry);
  const Tensor rows = contiguous(x);
  Tensor y = Tensor::empty({x.size(0), x.size(1) - geometry.from, weight.size(1)}, x.dtype());
  if (addend.defined()) {
    check_addend(addend, y.shape(), y.dtype());
    backend().causal_conv1d(rows, weight, bias, geometry, y, broadcast(addend, y.shape()));
  } else {
    backend().causal_conv1d(rows, weight, bias, geometry, y);
  }
  std::vector<Tensor> inputs{rows, weight};
  for (const Tensor& added : {bias, addend}) {
    if (added.defined()) {
      inputs.push_back(added);
    }
  }
  autograd::record("causal_conv1d", y, std::move(inputs),
                   [geometry, biased = bias.defined(), adds = addend.defined(),
                    every = addend.defined() && addend.size(1) != y.size(1)](
                       const Tensor& dy, const autograd::InputGradients& d) {
                     backend().causal_conv1d_backward(d.input(0), d.input(1), geometry, dy, d[0],
                                                      d[1], biased ? d[2] : Gradient{});
                     const std::size_t place = biased ? 3 : 2;
                     if (adds && every && d.wants(place)) {
                       backend().sum(dy, d.zeroed(place));
                     } else if (adds && !every) {
                       d.give(place, dy);
                     }
                   });
  return y;
}

}  // namespace wavenet
