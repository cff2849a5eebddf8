// Softmax, its logarithm and the gradient of cross entropy, a row at a time.
#include <cmath>
#include <limits>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/softmax.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "hwy/contrib/math/math-inl.h"
#include "wavenet/backend/cpu/sweep-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Calls each(i, mask) for the vectors of a row; the last may be partial.
template <class Each>
HWY_INLINE void for_each_vector(std::int64_t channels, const Each& each) {
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t i = 0; i < channels; i += lanes) {
    each(i, hn::FirstN(d, static_cast<std::size_t>(channels - i)));
  }
}

// Highway 1.0.3 turns NaN into a number, by way of an integer that cannot hold it; a NaN must show
// in all that is computed from it.
HWY_INLINE V exp(V x) {
  const auto is_nan = hn::IsNaN(x);
  return hn::IfThenElse(is_nan, x, hn::Exp(D(), hn::IfThenZeroElse(is_nan, x)));
}

HWY_INLINE V largest_of(const float* row, std::int64_t channels) {
  const D d;
  V largest = hn::Set(d, -std::numeric_limits<float>::infinity());
  for_each_vector(channels, [&](std::int64_t i, auto mask) {
    const V value = load_part(d, row + i, channels - i);
    largest = hn::Max(largest, hn::IfThenElse(mask, value, largest));
  });
  return hn::MaxOfLanes(d, largest);
}

void Softmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  const D d;
  for (; n > 0; --n, x += channels, y += channels) {
    const V largest = largest_of(x, channels);
    V sum = hn::Zero(d);
    for_each_vector(channels, [&](std::int64_t i, auto mask) {
      const V power = exp(hn::Sub(load_part(d, x + i, channels - i), largest));
      sum = hn::Add(sum, hn::IfThenElseZero(mask, power));
      store_part(power, d, y + i, channels - i);
    });
    const V scale = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sum));
    for_each_vector(channels, [&](std::int64_t i, auto) {
      store_part(hn::Mul(load_part(d, y + i, channels - i), scale), d, y + i, channels - i);
    });
  }
}

void LogSoftmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  const D d;
  for (; n > 0; --n, x += channels, y += channels) {
    const V largest = largest_of(x, channels);
    V sum = hn::Zero(d);
    for_each_vector(channels, [&](std::int64_t i, auto mask) {
      const V power = exp(hn::Sub(load_part(d, x + i, channels - i), largest));
      sum = hn::Add(sum, hn::IfThenElseZero(mask, power));
    });
    const float total = std::log(hn::GetLane(hn::SumOfLanes(d, sum)));
    const V shift = hn::Add(largest, hn::Set(d, total));
    for_each_vector(channels, [&](std::int64_t i, auto) {
      store_part(hn::Sub(load_part(d, x + i, channels - i), shift), d, y + i, channels - i);
    });
  }
}

void CrossEntropyBackward(const float* log_p, const std::int32_t* targets, double smoothing,
                          float scale, Out dlogits, std::int64_t n, std::int64_t vocabulary) {
  const D d;
  const V factor = hn::Set(d, scale);
  const float spread = scale * static_cast<float>(smoothing / static_cast<double>(vocabulary));
  float* to = dlogits.data;
  for (std::int64_t row = 0; row < n; ++row, log_p += vocabulary, to += vocabulary) {
    const bool counts = targets[row] >= 0;
    for_each_vector(vocabulary, [&](std::int64_t i, auto) {
      const V p = exp(load_part(d, log_p + i, vocabulary - i));
      V value = counts ? hn::MulSub(factor, p, hn::Set(d, spread)) : hn::Zero(d);
      if (dlogits.add) {
        value = hn::Add(value, load_part(d, to + i, vocabulary - i));
      }
      store_part(value, d, to + i, vocabulary - i);
    });
    if (counts) {
      to[targets[row]] -= scale * static_cast<float>(1 - smoothing);
    }
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Softmax);
HWY_EXPORT(LogSoftmax);
HWY_EXPORT(CrossEntropyBackward);

void softmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(Softmax)(x, y, n, channels);
}

void log_softmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(LogSoftmax)(x, y, n, channels);
}

void cross_entropy_backward(const float* log_p, const std::int32_t* targets, double smoothing,
                            float scale, Out dlogits, std::int64_t n, std::int64_t vocabulary) {
  HWY_DYNAMIC_DISPATCH(CrossEntropyBackward)
  (log_p, targets, smoothing, scale, dlogits, n, vocabulary);
}

}  // namespace wavenet::cpu
#endif
