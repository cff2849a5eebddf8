// Activations and their gradients, sums, batch norm, optimiser steps: one sweep over memory each.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/elementwise.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "hwy/contrib/math/math-inl.h"
#include "wavenet/backend/cpu/gate-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Writes `value` to where a gradient goes.
template <class Load, class Store>
HWY_INLINE void put(V value, Out to, Load load, Store store) {
  store(to.add ? hn::Add(load(to.data), value) : value, to.data);
}

void Tanh(const float* x, float* y, Size size) {
  sweep_matrix(size, [=](auto load, auto store) { store(quick_tanh(load(x)), y); });
}

void TanhBackward(const float* y, const float* dy, Out dx, Size size) {
  const V one = hn::Set(D(), 1.0f);
  sweep_matrix(size, [=](auto load, auto store) {
    const V value = load(y);
    put(hn::Mul(load(dy), hn::NegMulAdd(value, value, one)), dx, load, store);
  });
}

void Relu(const float* x, float* y, Size size) {
  const V zero = hn::Zero(D());
  sweep_matrix(size, [=](auto load, auto store) {
    const V value = load(x);
    store(hn::IfThenElse(hn::Lt(value, zero), zero, value), y);  // unlike a maximum, keeps NaN
  });
}

void ReluBackward(const float* y, const float* dy, Out dx, Size size) {
  const V zero = hn::Zero(D());
  sweep_matrix(size, [=](auto load, auto store) {
    put(hn::IfThenElseZero(hn::Gt(load(y), zero), load(dy)), dx, load, store);
  });
}

void BinaryOf(Binary op, const float* a, const float* b, float* y, std::int64_t count) {
  const auto each = [&](auto f) {
    sweep(count, [&](auto load, auto store) { store(f(load(a), load(b)), y); });
  };
  switch (op) {
    case Binary::add:
      return each([](V u, V v) { return hn::Add(u, v); });
    case Binary::subtract:
      return each([](V u, V v) { return hn::Sub(u, v); });
    case Binary::multiply:
      return each([](V u, V v) { return hn::Mul(u, v); });
    case Binary::divide:
      return each([](V u, V v) { return hn::Div(u, v); });
  }
}

void Affine(float scale, float shift, const float* x, float* y, std::int64_t count) {
  const V factor = hn::Set(D(), scale);
  const V term = hn::Set(D(), shift);
  sweep(count, [&](auto load, auto store) { store(hn::MulAdd(factor, load(x), term), y); });
}

void Gate(Rows a, Rows b, float* t, float* s, float* y, Size size) {
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const std::int64_t at = row * size.columns;
    sweep(size.columns, [from_a = a.data + row * a.row, from_b = b.data + row * b.row, t = t + at,
                         s = s + at, y = y + at](auto load, auto store) {
      load.ask(t);
      load.ask(s);
      const V tanh = quick_tanh(load(from_a));
      const V open = quick_sigmoid(load(from_b));
      store(tanh, t);
      store(open, s);
      store(hn::Mul(tanh, open), y);
    });
  }
}

void GateBackward(const float* t, const float* s, const float* dy, GradientRows da, GradientRows db,
                  float* y, Size size) {
  const V one = hn::Set(D(), 1.0f);
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const std::int64_t at = row * size.columns;
    const Out to_a = da.at(row);
    const Out to_b = db.at(row);
    sweep(size.columns, [=, t = t + at, s = s + at, dy = dy + at, y = y == nullptr ? y : y + at](
                            auto load, auto store) {
      load.ask(t);
      load.ask(s);
      const V tanh = load(t);
      const V open = load(s);
      const V grad = hn::Mul(load(dy), open);
      if (to_a.data != nullptr) {
        put(hn::Mul(grad, hn::NegMulAdd(tanh, tanh, one)), to_a, load, store);
      }
      if (to_b.data != nullptr) {
        put(hn::Mul(hn::Mul(grad, tanh), hn::Sub(one, open)), to_b, load, store);
      }
      if (y != nullptr) {
        store(hn::Mul(tanh, open), y);
      }
    });
  }
}

void AddScaled(const float* x, float scale, float* y, std::int64_t count) {
  const V factor = hn::Set(D(), scale);
  sweep(count, [&](auto load, auto store) { store(hn::MulAdd(factor, load(x), load(y)), y); });
}

// Sums term(row) over rows begin to end - 1 in four interleaved chains, which round less than one
// and keep four additions in flight.
template <class Term>
HWY_INLINE V sum_block(std::int64_t begin, std::int64_t end, const Term& term) {
  V sums[4] = {hn::Zero(D()), hn::Zero(D()), hn::Zero(D()), hn::Zero(D())};
  std::int64_t row = begin;
  for (; row + 4 <= end; row += 4) {
    sums[0] = hn::Add(sums[0], term(row));
    sums[1] = hn::Add(sums[1], term(row + 1));
    sums[2] = hn::Add(sums[2], term(row + 2));
    sums[3] = hn::Add(sums[3], term(row + 3));
  }
  for (std::int64_t chain = 0; row < end; ++row, ++chain) {
    sums[chain] = hn::Add(sums[chain], term(row));
  }
  return hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
}

// Sums term(row) over n rows: a block of them in float, the blocks in double.
template <class Term>
HWY_INLINE V sum_rows(std::int64_t n, const Term& term) {
  if (n <= kSumBlock) {
    return sum_block(0, n, term);
  }
  const D d;
  HWY_ALIGN float block[hn::MaxLanes(d)];
  double sums[hn::MaxLanes(d)] = {};
  for (std::int64_t begin = 0; begin < n; begin += kSumBlock) {
    hn::Store(sum_block(begin, std::min(n, begin + kSumBlock), term), d, block);
    std::transform(sums, sums + hn::Lanes(d), block, sums, std::plus<double>());
  }
  std::copy_n(sums, hn::Lanes(d), block);
  return hn::Load(d, block);
}

void SumRows(const float* x, Out y, std::int64_t n, std::int64_t channels) {
  sweep(channels, [&](auto load, auto store) {
    const V total = sum_rows(n, [&](std::int64_t row) { return load(x + row * channels); });
    put(total, y, load, store);
  });
}

// Sixteen chains, which the compiler lays side by side in vectors.
double SumOfSquares(const float* x, std::int64_t count) {
  constexpr std::int64_t kChains = 16;
  double sums[kChains] = {};
  const auto add = [&](std::int64_t i, std::int64_t chain) {
    const double value = x[i + chain];
    sums[chain] += value * value;
  };
  const std::int64_t whole = count - count % kChains;
  for (std::int64_t i = 0; i < whole; i += kChains) {
    for (std::int64_t chain = 0; chain < kChains; ++chain) {
      add(i, chain);
    }
  }
  for (std::int64_t chain = 0; chain < count % kChains; ++chain) {
    add(whole, chain);
  }
  return std::accumulate(sums, sums + kChains, 0.0);
}

void Embedding(const float* weight, Tokens tokens, Out y, Size size) {
  share_rows(size, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      const float* from = weight + tokens[n] * size.columns;
      const Out to{y.data + n * size.columns, y.add};
      sweep(size.columns, [=](auto load, auto store) { put(load(from), to, load, store); });
    }
  });
}

void EmbeddingBackward(Tokens tokens, const float* dy, float* dweight, Size size) {
  share_columns(size, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = 0; n < size.rows; ++n) {
      const float* from = dy + n * size.columns;
      const Out to{dweight + tokens[n] * size.columns, true};
      sweep(begin, end, [=](auto load, auto store) { put(load(from), to, load, store); });
    }
  });
}

void SgdStep(const float* g, float rate, float* p, Size size) {
  const V factor = hn::Set(D(), -rate);
  sweep_matrix(size,
               [=](auto load, auto store) { store(hn::MulAdd(factor, load(g), load(p)), p); });
}

void AdamWStepFor(const float* g, const AdamWStep& how, float* m, float* v, float* p, Size size) {
  const D d;
  const double steps = static_cast<double>(how.step);
  const auto set = [d](double value) { return hn::Set(d, static_cast<float>(value)); };
  const V rate = set(how.rate / (1 - std::pow(how.beta1, steps)));
  const V root = set(std::sqrt(1 - std::pow(how.beta2, steps)));
  const V keep = set(1 - how.rate * how.decay);
  const V scale = set(how.scale);
  const V mean_share = set(1 - how.beta1);
  const V square_share = set(1 - how.beta2);
  const V eps = set(how.eps);
  sweep_matrix(size, [=](auto load, auto store) {
    const V gradient = hn::Mul(scale, load(g));
    const V mean = hn::MulAdd(mean_share, hn::Sub(gradient, load(m)), load(m));
    const V square =
        hn::MulAdd(square_share, hn::Sub(hn::Mul(gradient, gradient), load(v)), load(v));
    store(mean, m);
    store(square, v);
    const V distance = hn::Add(hn::Div(hn::Sqrt(square), root), eps);
    store(hn::NegMulAdd(rate, hn::Div(mean, distance), hn::Mul(keep, load(p))), p);
  });
}

void EmaStep(const float* p, float decay, float* average, Size size) {
  const V keep = hn::Set(D(), decay);
  const V share = hn::Set(D(), 1.0f - decay);
  sweep_matrix(size, [=](auto load, auto store) {
    store(hn::MulAdd(keep, load(average), hn::Mul(share, load(p))), average);
  });
}

void BatchNorm(const float* x, const float* weight, const float* bias, double eps, float* y,
               float* mean, float* variance, std::int64_t n, std::int64_t channels) {
  const D d;
  const V count = hn::Set(d, static_cast<float>(n));
  const V unbiased = hn::Set(d, static_cast<float>(n - 1));
  const V epsilon = hn::Set(d, static_cast<float>(eps));
  sweep_columns({n, channels}, [=](auto load, auto store) {
    const V center =
        hn::Div(sum_rows(n, [&](std::int64_t r) { return load(x + r * channels); }), count);
    const V spread = hn::Div(sum_rows(n,
                                      [&](std::int64_t r) {
                                        const V z = hn::Sub(load(x + r * channels), center);
                                        return hn::Mul(z, z);
                                      }),
                             unbiased);
    const V scale = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(spread, epsilon)));
    const V gain = load(weight);
    const V shift = load(bias);
    for (std::int64_t r = 0; r < n; ++r) {
      const V z = hn::Mul(hn::Sub(load(x + r * channels), center), scale);
      store(hn::MulAdd(gain, z, shift), y + r * channels);
    }
    store(center, mean);
    store(spread, variance);
  });
}

void BatchNormBackward(const float* x, const float* weight, const float* mean,
                       const float* variance, double eps, const float* dy, Out dx, Out dweight,
                       Out dbias, std::int64_t n, std::int64_t channels) {
  const D d;
  const V epsilon = hn::Set(d, static_cast<float>(eps));
  sweep_columns({n, channels}, [=](auto load, auto store) {
    const V center = load(mean);
    const V r = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(load(variance), epsilon)));
    const auto normal = [&](std::int64_t row) {
      return hn::Mul(hn::Sub(load(x + row * channels), center), r);
    };
    const V sum_dy = sum_rows(n, [&](std::int64_t row) { return load(dy + row * channels); });
    const V sum_dy_z = sum_rows(
        n, [&](std::int64_t row) { return hn::Mul(load(dy + row * channels), normal(row)); });
    if (dweight.data != nullptr) {
      put(sum_dy_z, dweight, load, store);
    }
    if (dbias.data != nullptr) {
      put(sum_dy, dbias, load, store);
    }
    if (dx.data == nullptr) {
      return;
    }
    const V mean_dy = hn::Div(sum_dy, hn::Set(d, static_cast<float>(n)));
    const V slope = hn::Div(sum_dy_z, hn::Set(d, static_cast<float>(n - 1)));
    const V scale = hn::Mul(load(weight), r);
    for (std::int64_t row = 0; row < n; ++row) {
      const V centered = hn::Sub(load(dy + row * channels), mean_dy);
      const V change = hn::NegMulAdd(normal(row), slope, centered);
      put(hn::Mul(scale, change), {dx.data + row * channels, dx.add}, load, store);
    }
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Tanh);
HWY_EXPORT(TanhBackward);
HWY_EXPORT(Relu);
HWY_EXPORT(ReluBackward);
HWY_EXPORT(BinaryOf);
HWY_EXPORT(Affine);
HWY_EXPORT(Gate);
HWY_EXPORT(GateBackward);
HWY_EXPORT(AddScaled);
HWY_EXPORT(SumRows);
HWY_EXPORT(SumOfSquares);
HWY_EXPORT(Embedding);
HWY_EXPORT(EmbeddingBackward);
HWY_EXPORT(SgdStep);
HWY_EXPORT(AdamWStepFor);
HWY_EXPORT(EmaStep);
HWY_EXPORT(BatchNorm);
HWY_EXPORT(BatchNormBackward);

void tanh(const float* x, float* y, Size size) { HWY_DYNAMIC_DISPATCH(Tanh)(x, y, size); }

void tanh_backward(const float* y, const float* dy, Out dx, Size size) {
  HWY_DYNAMIC_DISPATCH(TanhBackward)(y, dy, dx, size);
}

void relu(const float* x, float* y, Size size) { HWY_DYNAMIC_DISPATCH(Relu)(x, y, size); }

void relu_backward(const float* y, const float* dy, Out dx, Size size) {
  HWY_DYNAMIC_DISPATCH(ReluBackward)(y, dy, dx, size);
}

void binary(Binary op, const float* a, const float* b, float* y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(BinaryOf)(op, a, b, y, count);
}

void affine(float scale, float shift, const float* x, float* y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(Affine)(scale, shift, x, y, count);
}

void gate(Rows a, Rows b, float* t, float* s, float* y, Size size) {
  HWY_DYNAMIC_DISPATCH(Gate)(a, b, t, s, y, size);
}

void gate_backward(const float* t, const float* s, const float* dy, GradientRows da,
                   GradientRows db, float* y, Size size) {
  HWY_DYNAMIC_DISPATCH(GateBackward)(t, s, dy, da, db, y, size);
}

void sum_rows(const float* x, Out y, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(SumRows)(x, y, n, channels);
}

double sum_of_squares(const float* x, std::int64_t count) {
  return HWY_DYNAMIC_DISPATCH(SumOfSquares)(x, count);
}

void embedding(const float* weight, Tokens tokens, Out y, Size size) {
  HWY_DYNAMIC_DISPATCH(Embedding)(weight, tokens, y, size);
}

void embedding_backward(Tokens tokens, const float* dy, float* dweight, Size size) {
  HWY_DYNAMIC_DISPATCH(EmbeddingBackward)(tokens, dy, dweight, size);
}

void sgd_step(const float* g, float rate, float* p, Size size) {
  HWY_DYNAMIC_DISPATCH(SgdStep)(g, rate, p, size);
}

void adamw_step(const float* g, const AdamWStep& how, float* m, float* v, float* p, Size size) {
  HWY_DYNAMIC_DISPATCH(AdamWStepFor)(g, how, m, v, p, size);
}

void ema_step(const float* p, float decay, float* average, Size size) {
  HWY_DYNAMIC_DISPATCH(EmaStep)(p, decay, average, size);
}

void add_scaled(const float* x, float scale, float* y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(AddScaled)(x, scale, y, count);
}

void batch_norm(const float* x, const float* weight, const float* bias, double eps, float* y,
                float* mean, float* variance, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(BatchNorm)(x, weight, bias, eps, y, mean, variance, n, channels);
}

void batch_norm_backward(const float* x, const float* weight, const float* mean,
                         const float* variance, double eps, const float* dy, Out dx, Out dweight,
                         Out dbias, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(BatchNormBackward)
  (x, weight, mean, variance, eps, dy, dx, dweight, dbias, n, channels);
}

}  // namespace wavenet::cpu
#endif
