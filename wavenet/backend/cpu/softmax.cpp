// Softmax, a row at a time: exp(x - max) over its sum.
#include <limits>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/softmax.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After highway.h, for each target.
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Calls each(i, mask) for the vectors of a row; the last may be partial.
template <class Each>
HWY_INLINE void for_each_vector(std::int64_t channels, const Each& each) {
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t i = 0; i < channels; i += lanes) {
    each(i, hn::FirstN(d, static_cast<std::size_t>(channels - i)));
  }
}

void Softmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  const D d;
  for (; n > 0; --n, x += channels, y += channels) {
    V largest = hn::Set(d, -std::numeric_limits<float>::infinity());
    for_each_vector(channels, [&](std::int64_t i, auto mask) {
      const V value = hn::MaskedLoad(mask, d, x + i);
      largest = hn::Max(largest, hn::IfThenElse(mask, value, largest));
    });
    largest = hn::MaxOfLanes(d, largest);
    V sum = hn::Zero(d);
    for_each_vector(channels, [&](std::int64_t i, auto mask) {
      const V value = hn::Sub(hn::MaskedLoad(mask, d, x + i), largest);
      // Highway 1.0.3 turns NaN into a number; a NaN anywhere must show in the whole row.
      const V power = hn::IfThenElse(hn::IsNaN(value), value, hn::Exp(d, value));
      sum = hn::Add(sum, hn::IfThenElseZero(mask, power));
      hn::BlendedStore(power, mask, d, y + i);
    });
    const V scale = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sum));
    for_each_vector(channels, [&](std::int64_t i, auto mask) {
      hn::BlendedStore(hn::Mul(hn::MaskedLoad(mask, d, y + i), scale), mask, d, y + i);
    });
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Softmax);

void softmax(const float* x, float* y, std::int64_t n, std::int64_t channels) {
  HWY_DYNAMIC_DISPATCH(Softmax)(x, y, n, channels);
}

}  // namespace wavenet::cpu
#endif
