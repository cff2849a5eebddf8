// sweep: walks memory a vector at a time, compiled once for each instruction set.
//
//   sweep(count, [&](auto load, auto store) { store(hn::Add(load(x), load(y)), y); });   // y += x
#if defined(WAVENET_BACKEND_CPU_SWEEP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_SWEEP_INL_H_
#undef WAVENET_BACKEND_CPU_SWEEP_INL_H_
#else
#define WAVENET_BACKEND_CPU_SWEEP_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

inline std::int64_t lanes() { return static_cast<std::int64_t>(hn::Lanes(D())); }

// Calls each(load, store) for vectors of `count` floats; the last may be partial, and then neither
// load nor store touches memory past the end.
template <class Each>
HWY_INLINE void sweep(std::int64_t count, const Each& each) {
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

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_SWEEP_INL_H_
