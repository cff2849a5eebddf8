#include "wavenet/ops/gate.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet {

Tensor gate(const Tensor& filter, const Tensor& gate) {
  check(is_float(filter.dtype()) && filter.dtype() == gate.dtype(), "gate: operands of {} and {}",
        filter.dtype(), gate.dtype());
  check(filter.shape() == gate.shape(), "gate: filter {} and gate {} differ in shape",
        filter.shape(), gate.shape());
  const auto like = [&] { return Tensor::empty(filter.shape(), filter.dtype()); };
  Tensor y = like();
  const Tensor tanh = like();
  const Tensor open = like();
  backend().gate(filter, gate, tanh, open, y);
  autograd::record("gate", y, {filter, gate},
                   [tanh, open](const Tensor& dy, const autograd::InputGradients& d) {
                     const Gradient dfilter = d[0];  // before d[1], should both be one tensor
                     const Gradient dgate = d[1];
                     backend().gate_backward(tanh, open, dy, dfilter, dgate);
                   });
  return y;
}

}  // namespace wavenet
