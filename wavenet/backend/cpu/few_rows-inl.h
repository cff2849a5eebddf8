// few_rows: the product of matrices where the left one has few rows, compiled once for each
// instruction set.
//
//   few_rows<1, 8>({x, k, 1}, {w, n, 1}, bias, {}, y, n, n, k);   // y = x w + bias, [1, n]
//
// The bits are those of a product with many rows, as both are made of Tile.
#if defined(WAVENET_BACKEND_CPU_FEW_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_FEW_ROWS_INL_H_
#undef WAVENET_BACKEND_CPU_FEW_ROWS_INL_H_
#else
#define WAVENET_BACKEND_CPU_FEW_ROWS_INL_H_
#endif

#include "wavenet/backend/cpu/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Calls run.operator()<vectors>() for the number of vectors that cover `columns`.
template <std::int64_t kVectors, class Run>
HWY_INLINE void for_vectors(std::int64_t columns, const Run& run) {
  if constexpr (kVectors > 1) {
    if (columns <= (kVectors - 1) * vector_lanes()) {
      return for_vectors<kVectors - 1>(columns, run);
    }
  }
  run.template operator()<kVectors>();
}

// For few rows of a: as many columns side by side as hide the latency of a chain.
template <std::int64_t kRows, std::int64_t kVectors>
void few_rows(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
              std::int64_t n, std::int64_t k) {
  const std::int64_t width = kVectors * vector_lanes();
  for (std::int64_t j = 0; j < n; j += width) {
    const std::int64_t columns = std::min(width, n - j);
    for_vectors<kVectors>(columns, [&]<std::int64_t kUsed>() {
      Tile<D, kRows, kUsed> tile(kRows);
      const StridedTo to{c + j, c_row};
      tile.start(to);
      tile.accumulate_columns(StridedLeft<>{a.data, a.row, a.column}, b.data + j, b.row, columns,
                              k);
      tile.store(to, columns, bias == nullptr ? nullptr : bias + j, moved(addend, 0, j));
    });
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_FEW_ROWS_INL_H_
