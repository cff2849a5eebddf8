// tanh and its gradient, sums of vectors, batch norm: one sweep over memory each.
#include <cmath>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/elementwise.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After highway.h, for each target.
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

std::int64_t lanes() { return static_cast<std::int64_t>(hn::Lanes(D())); }

// Calls each(load, store, i) for vectors of `count` floats; the last may be partial, and then
// neither load nor store touches memory past the end.
template <class Each>
void sweep(std::int64_t count, const Each& each) {
  const D d;
  std::int64_t i = 0;
  for (; i + lanes() <= count; i += lanes()) {
    each([d, i](const float* x) { return hn::LoadU(d, x + i); },
         [d, i](V value, float* y) { hn::StoreU(value, d, y + i); });
  }
  if (i < count) {
    const auto rest = hn::FirstN(d, static_cast<std::size_t>(count - i));
    each([d, i, rest](const float* x) { return hn::MaskedLoad(rest, d, x + i); },
         [d, i, rest](V value, float* y) { hn::BlendedStore(value, rest, d, y + i); });
  }
}

void Tanh(const float* x, float* y, std::int64_t count) {
  sweep(count, [&](auto load, auto store) {
    const V value = load(x);
    // Highway 1.0.3 turns NaN into a number; a diverged run must not look healthy.
    store(hn::IfThenElse(hn::IsNaN(value), value, hn::Tanh(D(), value)), y);
  });
}

void TanhBackward(const float* y, const float* dy, float* dx, std::int64_t count) {
  const V one = hn::Set(D(), 1.0f);
  sweep(count, [&](auto load, auto store) {
    const V value = load(y);
    store(hn::MulAdd(load(dy), hn::NegMulAdd(value, value, one), load(dx)), dx);
  });
}

void AddScaled(const float* x, float scale, float* y, std::int64_t count) {
  const V factor = hn::Set(D(), scale);
  sweep(count, [&](auto load, auto store) { store(hn::MulAdd(factor, load(x), load(y)), y); });
}

// Sums term(row) over n rows in four interleaved chains: shorter chains round less.
template <class Term>
V sum_rows(std::int64_t n, const Term& term) {
  V sums[4] = {hn::Zero(D()), hn::Zero(D()), hn::Zero(D()), hn::Zero(D())};
  for (std::int64_t row = 0; row < n; ++row) {
    sums[row % 4] = hn::Add(sums[row % 4], term(row));
  }
  return hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
}

void BatchNorm(const float* x, const float* weight, const float* bias, double eps, float* y,
               float* mean, float* variance, std::int64_t n, std::int64_t channels) {
  const D d;
  const V count = hn::Set(d, static_cast<float>(n));
  const V unbiased = hn::Set(d, static_cast<float>(n - 1));
  const V epsilon = hn::Set(d, static_cast<float>(eps));
  sweep(channels, [&](auto load, auto store) {
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
                       const float* variance, double eps, const float* dy, float* dx,
                       float* dweight, float* dbias, std::int64_t n, std::int64_t channels) {
  const D d;
  const V epsilon = hn::Set(d, static_cast<float>(eps));
  sweep(channels, [&](auto load, auto store) {
    const V center = load(mean);
    const V r = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(load(variance), epsilon)));
    const auto normal = [&](std::int64_t row) {
      return hn::Mul(hn::Sub(load(x + row * channels), center), r);
    };
    const V sum_dy = sum_rows(n, [&](std::int64_t row) { return load(dy + row * channels); });
    const V sum_dy_z = sum_rows(
        n, [&](std::int64_t row) { return hn::Mul(load(dy + row * channels), normal(row)); });
    if (dweight != nullptr) {
      store(hn::Add(load(dweight), sum_dy_z), dweight);
    }
    if (dbias != nullptr) {
      store(hn::Add(load(dbias), sum_dy), dbias);
    }
    if (dx == nullptr) {
      return;
    }
    const V mean_dy = hn::Div(sum_dy, hn::Set(d, static_cast<float>(n)));
    const V slope = hn::Div(sum_dy_z, hn::Set(d, static_cast<float>(n - 1)));
    const V scale = hn::Mul(load(weight), r);
    for (std::int64_t row = 0; row < n; ++row) {
      const V centered = hn::Sub(load(dy + row * channels), mean_dy);
      const V change = hn::NegMulAdd(normal(row), slope, centered);
      store(hn::MulAdd(scale, change, load(dx + row * channels)), dx + row * channels);
    }
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Tanh);
HWY_EXPORT(TanhBackward);
HWY_EXPORT(AddScaled);
HWY_EXPORT(BatchNorm);
HWY_EXPORT(BatchNormBackward);

void tanh(const float* x, float* y, std::int64_t count) { HWY_DYNAMIC_DISPATCH(Tanh)(x, y, count); }

void tanh_backward(const float* y, const float* dy, float* dx, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(TanhBackward)(y, dy, dx, count);
}

void add_scaled(const float* x, float scale, float* y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(AddScaled)(x, scale, y, count);
}

void batch_norm(const float* x, const float* weight, const float* bias, double eps, float* y,
                float* mean, float* variance, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(BatchNorm)(x, weight, bias, eps, y, mean, variance, n, channels);
}

void batch_norm_backward(const float* x, const float* weight, const float* mean,
                         const float* variance, double eps, const float* dy, float* dx,
                         float* dweight, float* dbias, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(BatchNormBackward)
  (x, weight, mean, variance, eps, dy, dx, dweight, dbias, n, channels);
}

}  // namespace wavenet::cpu
#endif
