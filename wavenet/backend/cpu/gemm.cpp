// c[M, N] = a[M, K] b[K, N] + bias, tile by tile (gemm-inl.h).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

void Gemm(Strided a, Strided b, const float* bias, float* c, std::int64_t c_row, std::int64_t m,
          std::int64_t n, std::int64_t k, bool add) {
  for_each_panel(n, [&]<std::int64_t kVectors>(std::int64_t j, std::int64_t columns) {
    const std::int64_t width = kVectors * vector_lanes();
    float* panel = panel_scratch(width * k);
    pack_panel(b, j, columns, k, width, panel);
    for_each_tile(m, [&]<std::int64_t kRows>(std::int64_t i) {
      Tile<kRows, kVectors> tile;
      tile.clear();
      tile.accumulate(StridedLeft{a.data + i * a.row, a.row, a.column}, panel, k);
      tile.store(c + i * c_row + j, c_row, columns, bias == nullptr ? nullptr : bias + j, add);
    });
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Gemm);

void gemm(Strided a, Strided b, const float* bias, float* c, std::int64_t c_row, std::int64_t m,
          std::int64_t n, std::int64_t k, bool add) {
  HWY_DYNAMIC_DISPATCH(Gemm)(a, b, bias, c, c_row, m, n, k, add);
}

}  // namespace wavenet::cpu
#endif
