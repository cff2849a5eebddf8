// sweep: walks memory a vector at a time, compiled once for each instruction set.
//
//   sweep(count, [&](auto load, auto store) { store(hn::Add(load(x), load(y)), y); });   // y += x
#if defined(WAVENET_BACKEND_CPU_SWEEP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_SWEEP_INL_H_
#undef WAVENET_BACKEND_CPU_SWEEP_INL_H_
#else
#define WAVENET_BACKEND_CPU_SWEEP_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/base/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

template <class Tag = D>
std::int64_t vector_lanes() {
  return static_cast<std::int64_t>(hn::Lanes(Tag()));
}

// The first `count` floats of a vector, the others 0; and back. Neither touches memory behind them,
// as Highway 1.0.3 does where the CPU has no masks: there they go through a buffer.
template <class Tag>
HWY_INLINE hn::Vec<Tag> load_part(Tag d, const float* from, std::int64_t count) {
#if HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(count)), d, from);
#else
  HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)] = {};
  std::copy_n(from, std::min(count, vector_lanes<Tag>()), buffer);
  return hn::Load(d, buffer);
#endif
}
template <class Tag>
HWY_INLINE void store_part(hn::Vec<Tag> value, Tag d, float* to, std::int64_t count) {
#if HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(value, hn::FirstN(d, static_cast<std::size_t>(count)), d, to);
#else
  HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(value, d, buffer);
  std::copy_n(buffer, std::min(count, vector_lanes<Tag>()), to);
#endif
}

// Vectors at one place of whatever is swept. `ask` has the cache fetch what stands 32 lines behind it:
// for memory that was written long ago, in which the processor would not look so far ahead.
struct Load {
  std::int64_t i;
  V operator()(const float* x) const { return hn::LoadU(D(), x + i); }
  void ask(const float* x) const { hwy::Prefetch(x + i + 512); }
};
struct Store {
  std::int64_t i;
  void operator()(V value, float* y) const { hn::StoreU(value, D(), y + i); }
};
// The same for the first `rest` lanes.
struct LoadRest {
  std::int64_t i;
  std::int64_t rest;
  V operator()(const float* x) const { return load_part(D(), x + i, rest); }
  void ask(const float*) const {}
};
struct StoreRest {
  std::int64_t i;
  std::int64_t rest;
  void operator()(V value, float* y) const { store_part(value, D(), y + i, rest); }
};

// Calls each(load, store) for vectors of the floats from `begin` to `end`; the last may be partial,
// and then neither load nor store touches memory past the end. `each` is copied, and what captures
// by value stays in registers: stores might change what an address reaches.
template <class Each>
HWY_INLINE void sweep(std::int64_t begin, std::int64_t end, const Each each) {
  std::int64_t i = begin;
  for (; i + vector_lanes() <= end; i += vector_lanes()) {
    each(Load{i}, Store{i});
  }
  if (i < end) {
    each(LoadRest{i, end - i}, StoreRest{i, end - i});
  }
}

template <class Each>
HWY_INLINE void sweep(std::int64_t count, const Each& each) {
  sweep(0, count, each);
}

// Calls each(first, last) for ranges of `count` things, which threads share where they have many
// elements in all. Each range is one thread's, the same in every kernel: no sum is split, and what
// a thread wrote it mostly reads again.
template <class Each>
HWY_INLINE void share(std::int64_t count, std::int64_t elements, const Each& each) {
  constexpr std::int64_t kWorthSharing = 4096;  // elements
  const std::int64_t pieces = std::min<std::int64_t>(kernel_threads(), count);
  if (pieces < 2 || elements < kWorthSharing) {
    return each(std::int64_t{0}, count);
  }
  parallel_for(pieces, kernel_threads(), [&](std::int64_t piece) {
    each(count * piece / pieces, count * (piece + 1) / pieces);
  });
}

// For ranges of rows; of columns, cut between panels as a product's are.
template <class Each>
HWY_INLINE void share_rows(Size size, const Each& each) {
  share(size.rows, size.rows * size.columns, each);
}
template <class Each>
HWY_INLINE void share_columns(Size size, const Each& each) {
  const std::int64_t width = 2 * vector_lanes();
  share((size.columns + width - 1) / width, size.rows * size.columns,
        [&](std::int64_t first, std::int64_t last) {
          each(first * width, std::min(size.columns, last * width));
        });
}

// A sweep over columns; `each` goes down the rows itself.
template <class Each>
HWY_INLINE void sweep_columns(Size size, const Each& each) {
  share_columns(size, [&](std::int64_t begin, std::int64_t end) { sweep(begin, end, each); });
}

// A sweep over all elements of a matrix.
template <class Each>
HWY_INLINE void sweep_matrix(Size size, const Each& each) {
  share_columns({1, size.rows * size.columns},
                [&](std::int64_t begin, std::int64_t end) { sweep(begin, end, each); });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_SWEEP_INL_H_
