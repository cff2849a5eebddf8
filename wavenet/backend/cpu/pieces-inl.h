// with_constant, in_pieces: loops whose counts are constants to the compiler.
//
//   in_pieces<4>(rows, [&]<std::int64_t kRows>(std::int64_t first) { tile<kRows>(first); });
#if defined(WAVENET_BACKEND_CPU_PIECES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_PIECES_INL_H_
#undef WAVENET_BACKEND_CPU_PIECES_INL_H_
#else
#define WAVENET_BACKEND_CPU_PIECES_INL_H_
#endif

#include <cstdint>

#include "wavenet/backend/cpu/gemm-inl.h"

// A call that is not inlined would need a tile's sums in memory.
#undef INLINE_LAMBDA
#define INLINE_LAMBDA __attribute__((always_inline))

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Calls run.operator()<n>() for the constant n = `count`, 1 to kMost.
template <std::int64_t kMost, class Run>
HWY_INLINE void with_constant(std::int64_t count, const Run& run) {
  if constexpr (kMost > 1) {
    if (count < kMost) {
      return with_constant<kMost - 1>(count, run);
    }
  }
  run.template operator()<kMost>();
}

// Calls run.operator()<n>(first) for pieces of nearly equal size n that cover `count`.
template <std::int64_t kMost, class Run>
HWY_INLINE void in_pieces(std::int64_t count, const Run& run) {
  std::int64_t first = 0;
  for (std::int64_t pieces = (count + kMost - 1) / kMost; pieces > 0; --pieces) {
    const std::int64_t size = (count - first + pieces - 1) / pieces;
    with_constant<kMost>(size,
                         [&]<std::int64_t kSize>() { run.template operator()<kSize>(first); });
    first += size;
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_PIECES_INL_H_
