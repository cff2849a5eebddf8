// c[M, N] = a[M, K] b[K, N] + bias, tile by tile (gemm-inl.h).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/few_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Rows from which on they come from beyond the L1 cache.
constexpr std::int64_t kManyRows = 128;

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
        const Slabs slabs(room, m, width, k);
        slabs.for_each([&](std::int64_t first, std::int64_t end) {
          for_each_tile(m, [&]<std::int64_t kRows>(std::int64_t i) {
            Tile<Tag, kRows, kVectors> tile;
            const StridedTo to{c + i * c_row + j, c_row};
            if (first == 0) {
              tile.start(to);
            } else {
              tile.go_on(slabs.kept(i));
            }
            const float* left = a.data + i * a.row + first * a.column;
            if (a.column == 1 && m >= kManyRows) {  // what the next tile reads first
              tile.ask_for([&](std::int64_t row) { return left + (kRows + row) * a.row; });
            }
            if (addend.data != nullptr && addend.data != c) {
              const Rows added = moved(addend, i, j);
              tile.ask_for([&](std::int64_t row) { return added.data + row * added.row; });
            }
            tile.accumulate(StridedLeft{left, a.row, a.column}, panel.data + first * panel.row,
                            panel.row, end - first);
            if (end == k) {
              tile.store(to, columns, bias_at, moved(addend, i, j));
            } else {
              tile.keep(slabs.kept(i));
            }
          });
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
