#include "wavenet/ops/elementwise.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// Sends `gradient`, of the result's shape, to an operand that was broadcast to it from `shape`.
void send(const Tensor& gradient, const Shape& shape, std::size_t i, const InputGradients& d) {
  if (!d.wants(i) || gradient.shape() == shape) {
    return d.give(i, gradient);
  }
  View operand = d.zeroed(i);
  while (operand.rank() < gradient.rank()) {
    operand = unsqueezed(operand, 0);
  }
  backend().sum(gradient, operand);
}

Tensor binary(const char* name, Binary op, const Tensor& a, const Tensor& b,
              autograd::Backward backward) {
  check(a.dtype() == b.dtype() && is_float(a.dtype()), "{}: operands of {} and {}", name, a.dtype(),
        b.dtype());
  const std::optional<Shape> shape = broadcast_shape(a.shape(), b.shape());
  check(shape.has_value(), "{}: {} and {} do not broadcast to one shape", name, a.shape(),
        b.shape());
  Tensor y = Tensor::empty(*shape, a.dtype());
  backend().binary(op, broadcast(a, *shape), broadcast(b, *shape), y);
  autograd::record(name, y, {a, b}, std::move(backward));
  return y;
}

Tensor unary(const char* name, Unary op, const Tensor& x) {
  check(is_float(x.dtype()), "{}: works on f32 and f64, not on {}", name, x.dtype());
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().unary(op, x, y);
  autograd::record(name, y, {x}, [op, y = y.detach()](const Tensor& dy, const InputGradients& dx) {
    backend().unary_backward(op, dx.input(0), y, dy, dx[0]);
  });
  return y;
}

}  // namespace

Tensor operator+(const Tensor& a, const Tensor& b) {
  return binary("add", Binary::add, a, b,
                [sa = a.shape(), sb = b.shape()](const Tensor& dy, const InputGradients& d) {
                  send(dy, sa, 0, d);
                  send(dy, sb, 1, d);
                });
}

Tensor operator-(const Tensor& a, const Tensor& b) {
  return binary("subtract", Binary::subtract, a, b,
                [sa = a.shape(), sb = b.shape()](const Tensor& dy, const InputGradients& d) {
                  send(dy, sa, 0, d);
                  if (d.wants(1)) {
                    send(-dy, sb, 1, d);
                  }
                });
}

Tensor operator*(const Tensor& a, const Tensor& b) {
  return binary("multiply", Binary::multiply, a, b,
                [a = a.detach(), b = b.detach()](const Tensor& dy, const InputGradients& d) {
                  if (d.wants(0)) {
                    send(dy * b, a.shape(), 0, d);
                  }
                  if (d.wants(1)) {
                    send(dy * a, b.shape(), 1, d);
                  }
                });
}

// d(a/b) = da/b - (a/b) db/b.
Tensor operator/(const Tensor& a, const Tensor& b) {
  return binary("divide", Binary::divide, a, b,
                [a = a.detach(), b = b.detach()](const Tensor& dy, const InputGradients& d) {
                  if (d.wants(0)) {
                    send(dy / b, a.shape(), 0, d);
                  }
                  if (d.wants(1)) {
                    send(affine(dy * a / b, -1, 0) / b, b.shape(), 1, d);
                  }
                });
}

Tensor affine(const Tensor& x, double scale, double shift) {
  check(is_float(x.dtype()), "affine: works on f32 and f64, not on {}", x.dtype());
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().affine(scale, shift, x, y);
  autograd::record("affine", y, {x}, [scale](const Tensor& dy, const InputGradients& dx) {
    dx.give(0, affine(dy, scale, 0));
  });
  return y;
}

Tensor operator-(const Tensor& x) { return unary("negate", Unary::negate, x); }
Tensor exp(const Tensor& x) { return unary("exp", Unary::exp, x); }
Tensor log(const Tensor& x) { return unary("log", Unary::log, x); }
Tensor sqrt(const Tensor& x) { return unary("sqrt", Unary::sqrt, x); }
Tensor tanh(const Tensor& x) { return unary("tanh", Unary::tanh, x); }
Tensor sigmoid(const Tensor& x) { return unary("sigmoid", Unary::sigmoid, x); }
Tensor relu(const Tensor& x) { return unary("relu", Unary::relu, x); }

}  // namespace wavenet
