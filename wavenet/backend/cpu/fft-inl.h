// Fourier transforms of several signals at once, a lane each: so every access is a whole vector, and none
// is shuffled. Compiled once for each instruction set.
//
//   to_frequencies(tables, load, x);   // load(i): a Complex, for each of the points; leaves them in `place`
//   to_samples(tables, x, store);      // from `place`: store(i, a Complex)
//
// A point is kPoint floats: real parts of the first half of the lanes that a vector holds, then imaginary
// ones. Both transforms have e^(-2 pi i j k / n), unscaled; with real and imaginary parts exchanged the
// second is the way back of the first. Steps of four, by decimation in frequency there and in time back,
// depth first, so that what a step leaves is still in the nearest cache when the next takes it up.
#if defined(WAVENET_BACKEND_CPU_FFT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_FFT_INL_H_
#undef WAVENET_BACKEND_CPU_FFT_INL_H_
#else
#define WAVENET_BACKEND_CPU_FFT_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "wavenet/backend/cpu/fft.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t kPoint = 16;         // floats
constexpr std::int64_t kHalf = kPoint / 2;  // where imaginary parts begin
using Lanes = hn::CappedTag<float, kHalf>;
using Vector = hn::Vec<Lanes>;

struct Complex {
  Vector re;
  Vector im;
};

HWY_INLINE Complex operator+(Complex a, Complex b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
HWY_INLINE Complex operator-(Complex a, Complex b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
// -i a
HWY_INLINE Complex turned(Complex a) { return {a.im, hn::Neg(a.re)}; }
HWY_INLINE Complex times(Complex a, const float* factor) {
  const Vector re = hn::Set(Lanes(), factor[0]);
  const Vector im = hn::Set(Lanes(), factor[1]);
  return {hn::NegMulAdd(a.im, im, hn::Mul(a.re, re)), hn::MulAdd(a.im, re, hn::Mul(a.re, im))};
}

HWY_INLINE Complex point(const float* x, std::int64_t i) {
  const Lanes d;
  return {hn::LoadU(d, x + i * kPoint), hn::LoadU(d, x + i * kPoint + kHalf)};
}
HWY_INLINE void put_point(Complex value, float* x, std::int64_t i) {
  const Lanes d;
  hn::StoreU(value.re, d, x + i * kPoint);
  hn::StoreU(value.im, d, x + i * kPoint + kHalf);
}

// The transform of four.
HWY_INLINE void four(Complex& a, Complex& b, Complex& c, Complex& d) {
  const Complex even = a + c;
  const Complex odd = b + d;
  const Complex apart = a - c;
  const Complex turn = turned(b - d);
  a = even + odd;
  b = apart + turn;
  c = even - odd;
  d = apart - turn;
}

// The transform of 4 or 8, in order.
template <class Load, class Store>
HWY_INLINE void leaf(std::int64_t n, const Load& load, const Store& store) {
  if (n == 4) {
    Complex a = load(0), b = load(1), c = load(2), d = load(3);
    four(a, b, c, d);
    store(0, a), store(1, b), store(2, c), store(3, d);
    return;
  }
  constexpr float kRoot = 0.70710678118654752440F;
  constexpr float kFirst[2] = {kRoot, -kRoot};
  constexpr float kThird[2] = {-kRoot, -kRoot};
  const auto apart = [&](std::int64_t i) { return load(i) - load(i + 4); };
  Complex a = apart(0), b = times(apart(1), kFirst), c = turned(apart(2)),
          d = times(apart(3), kThird);
  four(a, b, c, d);
  const auto sum = [&](std::int64_t i) { return load(i) + load(i + 4); };
  Complex e = sum(0), f = sum(1), g = sum(2), h = sum(3);
  four(e, f, g, h);
  store(0, e), store(1, a), store(2, f), store(3, b);
  store(4, g), store(5, c), store(6, h), store(7, d);
}

HWY_INLINE auto from_points(const float* x) {
  return [x](std::int64_t i) { return point(x, i); };
}
HWY_INLINE auto to_points(float* x) {
  return [x](std::int64_t i, Complex value) { put_point(value, x, i); };
}

// One transform of n to four of a quarter each.
template <class Load>
HWY_INLINE void split(std::int64_t n, const float* factors, const Load& load, float* x) {
  const std::int64_t quarter = n / 4;
  for (std::int64_t j = 0; j < quarter; ++j, factors += 6) {
    Complex a = load(j), b = load(j + quarter), c = load(j + 2 * quarter),
            d = load(j + 3 * quarter);
    four(a, b, c, d);
    put_point(a, x, j);
    put_point(times(b, factors), x, j + quarter);
    put_point(times(c, factors + 2), x, j + 2 * quarter);
    put_point(times(d, factors + 4), x, j + 3 * quarter);
  }
}

// And back.
template <class Store>
HWY_INLINE void join(std::int64_t n, const float* factors, const float* x, const Store& store) {
  const std::int64_t quarter = n / 4;
  for (std::int64_t j = 0; j < quarter; ++j, factors += 6) {
    Complex a = point(x, j);
    Complex b = times(point(x, j + quarter), factors);
    Complex c = times(point(x, j + 2 * quarter), factors + 2);
    Complex d = times(point(x, j + 3 * quarter), factors + 4);
    four(a, b, c, d);
    store(j, a), store(j + quarter, b), store(j + 2 * quarter, c), store(j + 3 * quarter, d);
  }
}

inline void split_all(const std::vector<float>* step, std::int64_t n, float* x) {
  if (n <= 8) {
    return leaf(n, from_points(x), to_points(x));
  }
  split(n, step->data(), from_points(x), x);
  for (std::int64_t q = 0; q < 4; ++q) {
    split_all(step + 1, n / 4, x + q * (n / 4) * kPoint);
  }
}

inline void join_all(const std::vector<float>* step, std::int64_t n, float* x) {
  if (n <= 8) {
    return leaf(n, from_points(x), to_points(x));
  }
  for (std::int64_t q = 0; q < 4; ++q) {
    join_all(step + 1, n / 4, x + q * (n / 4) * kPoint);
  }
  join(n, step->data(), x, to_points(x));
}

template <class Load>
HWY_INLINE void to_frequencies(const FftTables& tables, const Load& load, float* x) {
  const auto n = static_cast<std::int64_t>(tables.place.size());
  if (n <= 8) {
    return leaf(n, load, to_points(x));
  }
  split(n, tables.steps[0].data(), load, x);
  for (std::int64_t q = 0; q < 4; ++q) {
    split_all(tables.steps.data() + 1, n / 4, x + q * (n / 4) * kPoint);
  }
}

template <class Store>
HWY_INLINE void to_samples(const FftTables& tables, float* x, const Store& store) {
  const auto n = static_cast<std::int64_t>(tables.place.size());
  if (n <= 8) {
    return leaf(n, from_points(x), store);
  }
  for (std::int64_t q = 0; q < 4; ++q) {
    join_all(tables.steps.data() + 1, n / 4, x + q * (n / 4) * kPoint);
  }
  join(n, tables.steps[0].data(), x, store);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_FFT_INL_H_
