// Memory, elementwise kernels and sums.
#include <cmath>

#include "wavenet/backend/dropout_bits.h"
#include "wavenet/backend/reference/reference.h"
#include "wavenet/backend/reference/walk.h"

namespace wavenet {

using reference::walk;

void ReferenceBackend::fill(double value, const View& y) {
  dispatch_any(y.dtype,
               [&]<class T>() { walk<T, 1>({&y}, [&](T& to) { to = static_cast<T>(value); }); });
}

View ReferenceBackend::cleared(const Gradient& gradient) {
  if (gradient.wanted() && gradient.into == Into::overwrite) {
    fill(0, gradient.to);
  }
  return gradient.to;
}

void ReferenceBackend::copy(const View& x, const View& y) {
  dispatch_any(y.dtype, [&]<class T>() {
    walk<T, 2>({&x, &y}, [](T& from, T& to) { to = from; });
  });
}

void ReferenceBackend::accumulate(const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    walk<T, 2>({&x, &y}, [](T& from, T& to) { to += from; });
  });
}

void ReferenceBackend::unary(Unary op, const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    const auto each = [&](auto f) { walk<T, 2>({&x, &y}, [&](T& from, T& to) { to = f(from); }); };
    switch (op) {
      case Unary::negate:
        return each([](T v) { return -v; });
      case Unary::exp:
        return each([](T v) { return std::exp(v); });
      case Unary::log:
        return each([](T v) { return std::log(v); });
      case Unary::sqrt:
        return each([](T v) { return std::sqrt(v); });
      case Unary::tanh:
        return each([](T v) { return std::tanh(v); });
      case Unary::sigmoid:
        return each([](T v) { return T(1) / (T(1) + std::exp(-v)); });
      case Unary::relu:
        return each([](T v) { return v < T(0) ? T(0) : v; });
    }
  });
}

void ReferenceBackend::unary_backward(Unary op, const View& x, const View& y, const View& dy,
                                      const Gradient& dx) {
  const View into = cleared(dx);
  dispatch_float(y.dtype, [&]<class T>() {
    const auto each = [&](auto slope) {
      walk<T, 4>({&x, &y, &dy, &into}, [&](T& in, T& out, T& grad_out, T& grad_in) {
        grad_in += grad_out * slope(in, out);
      });
    };
    switch (op) {
      case Unary::negate:
        return each([](T, T) { return T(-1); });
      case Unary::exp:
        return each([](T, T out) { return out; });
      case Unary::log:
        return each([](T in, T) { return T(1) / in; });
      case Unary::sqrt:
        return each([](T, T out) { return T(0.5) / out; });
      case Unary::tanh:
        return each([](T, T out) { return T(1) - out * out; });
      case Unary::sigmoid:
        return each([](T, T out) { return out * (T(1) - out); });
      case Unary::relu:
        return each([](T in, T) { return in > T(0) ? T(1) : T(0); });
    }
  });
}

void ReferenceBackend::binary(Binary op, const View& a, const View& b, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    const auto each = [&](auto f) {
      walk<T, 3>({&a, &b, &y}, [&](T& left, T& right, T& to) { to = f(left, right); });
    };
    switch (op) {
      case Binary::add:
        return each([](T u, T v) { return u + v; });
      case Binary::subtract:
        return each([](T u, T v) { return u - v; });
      case Binary::multiply:
        return each([](T u, T v) { return u * v; });
      case Binary::divide:
        return each([](T u, T v) { return u / v; });
    }
  });
}

void ReferenceBackend::affine(double scale, double shift, const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    const T a = static_cast<T>(scale);
    const T b = static_cast<T>(shift);
    walk<T, 2>({&x, &y}, [&](T& from, T& to) { to = a * from + b; });
  });
}

void ReferenceBackend::modulate(const View& x, const View& scale, const View& shift,
                                const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < y.shape[0]; ++i) {
      for (std::int64_t t = 0; t < y.shape[1]; ++t) {
        const auto at = [i, t](const View& of) -> T& {
          return of.as<T>()[i * of.strides[0] + t * of.strides[1]];
        };
        const T factor = scale.data == nullptr ? T(1) : at(scale);
        at(y) = factor * at(x) + (shift.data == nullptr ? T(0) : at(shift));
      }
    }
  });
}

void ReferenceBackend::gate(const View& a, const View& b, const View& t, const View& s,
                            const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    walk<T, 5>({&a, &b, &t, &s, &y}, [](T& in, T& control, T& tanh, T& open, T& out) {
      tanh = std::tanh(in);
      open = T(1) / (T(1) + std::exp(-control));
      out = tanh * open;
    });
  });
}

void ReferenceBackend::gate_backward(const View& t, const View& s, const View& dy,
                                     const Gradient& da, const Gradient& db, const View& y) {
  const View into_a = cleared(da);
  const View into_b = cleared(db);
  dispatch_float(dy.dtype, [&]<class T>() {
    if (da.wanted()) {
      walk<T, 4>({&t, &s, &dy, &into_a}, [](T& tanh, T& open, T& grad, T& to) {
        to += grad * open * (T(1) - tanh * tanh);
      });
    }
    if (db.wanted()) {
      walk<T, 4>({&t, &s, &dy, &into_b}, [](T& tanh, T& open, T& grad, T& to) {
        to += grad * tanh * open * (T(1) - open);
      });
    }
    if (y.data != nullptr) {
      walk<T, 3>({&t, &s, &y}, [](T& tanh, T& open, T& to) { to = tanh * open; });
    }
  });
}

void ReferenceBackend::dropout(double p, std::uint64_t key, const View& x, const View& y,
                               Into into) {
  dispatch_float(y.dtype, [&]<class T>() {
    const T scale = static_cast<T>(1 / (1 - p));
    const DropoutKey mask(key);
    const std::uint32_t threshold = dropout_threshold(p);
    std::uint32_t number = 0;
    walk<T, 2>({&x, &y}, [&](T& from, T& to) {
      const T value = from * (dropout_bits(mask, number++) < threshold ? T(0) : scale);
      to = into == Into::add ? to + value : value;
    });
  });
}

void ReferenceBackend::sum(const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    // For each element of y, the part of x that sums into it, itself a view.
    View part = x;
    View first = x;  // the first element of each part
    for (int d = 0; d < x.rank(); ++d) {
      (y.shape[d] == 1 ? first : part).shape[d] = 1;
    }
    walk<T, 2>({&first, &y}, [&](T& from, T& to) {
      part.data = &from;
      double total = 0;
      walk<T, 1>({&part}, [&](T& value) { total += static_cast<double>(value); });
      to += static_cast<T>(total);
    });
  });
}

double ReferenceBackend::sum_of_squares(const View& x) {
  double total = 0;
  dispatch_float(x.dtype, [&]<class T>() {
    walk<T, 1>({&x}, [&](T& v) { total += static_cast<double>(v) * static_cast<double>(v); });
  });
  return total;
}

void ReferenceBackend::sgd_step(const View& g, double rate, const View& p) {
  dispatch_float(p.dtype, [&]<class T>() {
    const T step = static_cast<T>(rate);
    walk<T, 2>({&g, &p}, [&](T& gradient, T& value) { value -= step * gradient; });
  });
}

void ReferenceBackend::momentum_step(const View& g, double rate, double momentum, double scale,
                                     double decay, const View& v, const View& p) {
  dispatch_float(p.dtype, [&]<class T>() {
    walk<T, 3>({&g, &v, &p}, [&](T& gradient, T& velocity, T& value) {
      velocity = static_cast<T>(momentum) * velocity + static_cast<T>(scale) * gradient +
                 static_cast<T>(decay) * value;
      value -= static_cast<T>(rate) * velocity;
    });
  });
}

void ReferenceBackend::adamw_step(const View& g, const AdamWStep& how, const View& m, const View& v,
                                  const View& p) {
  dispatch_float(p.dtype, [&]<class T>() {
    const double correction1 = 1 - std::pow(how.beta1, static_cast<double>(how.step));
    const double correction2 = 1 - std::pow(how.beta2, static_cast<double>(how.step));
    const T rate = static_cast<T>(how.rate / correction1);
    const T root = static_cast<T>(std::sqrt(correction2));
    const T keep = static_cast<T>(1 - how.rate * how.decay);
    walk<T, 4>({&g, &m, &v, &p}, [&](T& gradient, T& mean, T& square, T& value) {
      const T scaled = static_cast<T>(how.scale) * gradient;
      mean += static_cast<T>(1 - how.beta1) * (scaled - mean);
      square += static_cast<T>(1 - how.beta2) * (scaled * scaled - square);
      value = keep * value - rate * mean / (std::sqrt(square) / root + static_cast<T>(how.eps));
    });
  });
}

void ReferenceBackend::ema_step(const View& p, double decay, const View& average) {
  dispatch_float(p.dtype, [&]<class T>() {
    walk<T, 2>({&p, &average}, [&](T& value, T& mean) {
      mean = static_cast<T>(decay) * mean + static_cast<T>(1 - decay) * value;
    });
  });
}

}  // namespace wavenet
