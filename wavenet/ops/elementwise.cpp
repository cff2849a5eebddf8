#include "wavenet/ops/elementwise.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// Adds dy to the gradient of an operand that was broadcast to dy's shape.
void add_unbroadcast(const View& dy, View operand) {
  while (operand.rank() < dy.rank()) {
    operand = unsqueezed(operand, 0);
  }
  if (operand.shape == dy.shape) {
    backend().accumulate(dy, operand);
  } else {
    backend().sum(dy, operand);
  }
}

// Adds op(u, v), of the result's shape, to the gradient of an operand.
void add_product(Binary op, const View& u, const View& v, const View& operand) {
  const Shape shape = *broadcast_shape(u.shape, v.shape);
  const Tensor product = Tensor::empty(shape, u.dtype);
  backend().binary(op, broadcast(u, shape), broadcast(v, shape), product);
  add_unbroadcast(product, operand);
}

Tensor binary(const char* name, Binary op, const Tensor& a, const Tensor& b,
              autograd::Backward backward) {
  check(a.dtype() == b.dtype() && a.dtype() != DType::i32, "{}: operands of {} and {}", name,
        a.dtype(), b.dtype());
  const std::optional<Shape> shape = broadcast_shape(a.shape(), b.shape());
  check(shape.has_value(), "{}: {} and {} do not broadcast to one shape", name, a.shape(),
        b.shape());
  Tensor y = Tensor::empty(*shape, a.dtype());
  backend().binary(op, broadcast(a, *shape), broadcast(b, *shape), y);
  autograd::record(name, y, {a, b}, std::move(backward));
  return y;
}

Tensor unary(const char* name, Unary op, const Tensor& x) {
  check(x.dtype() != DType::i32, "{}: works on f32 and f64, not on i32", name);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().unary(op, x, y);
  autograd::record(
      name, y, {x},
      [op, x = x.detach(), y = y.detach()](const Tensor& dy, const InputGradients& dx) {
        backend().unary_backward(op, x, y, dy, dx[0]);
      });
  return y;
}

}  // namespace

Tensor operator+(const Tensor& a, const Tensor& b) {
  return binary("add", Binary::add, a, b, [](const Tensor& dy, const InputGradients& d) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (d.wants(i)) {
        add_unbroadcast(dy, d[i]);
      }
    }
  });
}

Tensor operator-(const Tensor& a, const Tensor& b) {
  return binary("subtract", Binary::subtract, a, b, [](const Tensor& dy, const InputGradients& d) {
    if (d.wants(0)) {
      add_unbroadcast(dy, d[0]);
    }
    if (d.wants(1)) {
      const Tensor negative = Tensor::empty(dy.shape(), dy.dtype());
      backend().unary(Unary::negate, dy, negative);
      add_unbroadcast(negative, d[1]);
    }
  });
}

Tensor operator*(const Tensor& a, const Tensor& b) {
  return binary("multiply", Binary::multiply, a, b,
                [a = a.detach(), b = b.detach()](const Tensor& dy, const InputGradients& d) {
                  if (d.wants(0)) {
                    add_product(Binary::multiply, dy, b, d[0]);
                  }
                  if (d.wants(1)) {
                    add_product(Binary::multiply, dy, a, d[1]);
                  }
                });
}

// d(a/b) = da/b - (a/b) db/b.
Tensor operator/(const Tensor& a, const Tensor& b) {
  return binary("divide", Binary::divide, a, b,
                [a = a.detach(), b = b.detach()](const Tensor& dy, const InputGradients& d) {
                  if (d.wants(0)) {
                    add_product(Binary::divide, dy, b, d[0]);
                  }
                  if (d.wants(1)) {
                    const Tensor scaled = affine(dy * a / b, -1, 0);
                    add_product(Binary::divide, scaled, b, d[1]);
                  }
                });
}

Tensor affine(const Tensor& x, double scale, double shift) {
  check(x.dtype() != DType::i32, "affine: works on f32 and f64, not on i32");
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().affine(scale, shift, x, y);
  autograd::record("affine", y, {x}, [scale](const Tensor& dy, const InputGradients& dx) {
    const Tensor scaled = Tensor::empty(dy.shape(), dy.dtype());
    backend().affine(scale, 0, dy, scaled);
    backend().accumulate(scaled, dx[0]);
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
