// c[M, N] = a[M, K] b[K, N] + bias, tile by tile (gemm-inl.h).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
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

// What stands from row i and column j on.
Rows moved(Rows rows, std::int64_t i, std::int64_t j) {
  return rows.data == nullptr ? rows : Rows{rows.data + i * rows.row + j, rows.row};
}

// For few rows of a: as many columns side by side as hide the latency of a chain.
template <std::int64_t kRows, std::int64_t kVectors>
void few_rows(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
              std::int64_t n, std::int64_t k) {
  const std::int64_t width = kVectors * vector_lanes();
  for (std::int64_t j = 0; j < n; j += width) {
    const std::int64_t columns = std::min(width, n - j);
    for_vectors<kVectors>(columns, [&]<std::int64_t kUsed>() {
      Tile<D, kRows, kUsed> tile;
      const StridedTo to{c + j, c_row};
      tile.start(to);
      tile.accumulate_columns(StridedLeft{a.data, a.row, a.column}, b.data + j, b.row, columns, k);
      tile.store(to, columns, bias == nullptr ? nullptr : bias + j, moved(addend, 0, j));
    });
  }
}

void gemm_rows(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
               std::int64_t m, std::int64_t n, std::int64_t k) {
  if (b.column == 1 && m <= 4) {
    const auto run = m == 1   ? few_rows<1, 8>
                     : m == 2 ? few_rows<2, 4>
                     : m == 3 ? few_rows<3, 2>
                              : few_rows<4, 2>;
    return run(a, b, bias, addend, c, c_row, n, k);
  }
  for_each_panel(
      n, m * n * k,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const float* bias_at = bias == nullptr ? nullptr : bias + j;
        float* scratch = room.at<float>(Workspace::Part::panel, width * k);
        const Panel panel = panel_of(b, j, columns, k, width, scratch);
        for_each_tile(m, [&]<std::int64_t kRows>(std::int64_t i) {
          Tile<Tag, kRows, kVectors> tile;
          const StridedTo to{c + i * c_row + j, c_row};
          tile.start(to);
          tile.accumulate(StridedLeft{a.data + i * a.row, a.row, a.column}, panel.data, panel.row,
                          k);
          tile.store(to, columns, bias_at, moved(addend, i, j));
        });
      });
}

// Threads share the rows of c, or its panels where they would pack each panel anew.
void Gemm(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
          std::int64_t m, std::int64_t n, std::int64_t k) {
  const int threads = kernel_threads();
  const std::int64_t pieces = std::min<std::int64_t>(threads, m / 8);
  if (b.column != 1 || pieces < 2 || m * n * k < kWorthSharing) {
    return gemm_rows(a, b, bias, addend, c, c_row, m, n, k);
  }
  parallel_for(pieces, threads, [&](std::int64_t piece) {
    const std::int64_t begin = m * piece / pieces;
    const std::int64_t end = m * (piece + 1) / pieces;
    gemm_rows({a.data + begin * a.row, a.row, a.column}, b, bias, moved(addend, begin, 0),
              c + begin * c_row, c_row, end - begin, n, k);
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Gemm);

void gemm(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
          std::int64_t m, std::int64_t n, std::int64_t k) {
  HWY_DYNAMIC_DISPATCH(Gemm)(a, b, bias, addend, c, c_row, m, n, k);
}

}  // namespace wavenet::cpu
#endif
