// c[M, N] = a[M, K] b[K, N] + bias + addend, tile by tile, compiled once for each instruction set.
//
//   product(Floats(), a, b, bias, {}, c, n, m, n, k);
//
// Terms are Floats (gemm-inl.h) or Pairs (pairs-inl.h), which say by left_of and packed how a tile
// finds the operands.
#if defined(WAVENET_BACKEND_CPU_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_PRODUCT_INL_H_
#undef WAVENET_BACKEND_CPU_PRODUCT_INL_H_
#else
#define WAVENET_BACKEND_CPU_PRODUCT_INL_H_
#endif

#include "wavenet/backend/cpu/gemm-inl.h"
#include "wavenet/backend/cpu/panel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Rows from which on they come from beyond the L1 cache.
constexpr std::int64_t kManyRows = 128;

inline StridedLeft<> left_of(Floats, Strided a, std::int64_t, std::int64_t) {
  return {a.data, a.row, a.column};
}
inline Panel<float> packed(Floats, Strided b, std::int64_t first, std::int64_t columns,
                           std::int64_t depth, std::int64_t width, Workspace& room) {
  return panel_of(b, first, columns, depth, width,
                  room.at<float>(Workspace::Part::panel, width * depth));
}

template <class Terms>
void product_of_rows(Strided a, Strided b, const float* bias, Rows addend, float* c,
                     std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  const StridedLeft<Terms> left = left_of(Terms(), a, m, k);
  const std::int64_t depth = Terms::depth(k);
  for_each_panel<Terms>(
      n, m * n * k,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const float* bias_at = bias == nullptr ? nullptr : bias + j;
        const auto panel = packed(Terms(), b, j, columns, k, width, room);
        const Slabs slabs(room, m, width, depth);
        slabs.for_each([&](std::int64_t first, std::int64_t end) {
          for_each_tile<Tag, kVectors>(
              Terms(), m, [&]<class TileOf>(std::int64_t i, std::int64_t rows) {
                TileOf tile(rows);
                const StridedTo to{c + i * c_row + j, c_row};
                if (first == 0) {
                  tile.start(to);
                } else {
                  tile.go_on(slabs.kept(i));
                }
                const auto* from = left.first + i * left.row + first * left.column;
                if (left.column == 1 && m >= kManyRows) {  // what the next tile reads first
                  tile.ask_for([&](std::int64_t row) { return from + (rows + row) * left.row; });
                }
                if (addend.data != nullptr && addend.data != c) {
                  const Rows added = moved(addend, i, j);
                  tile.ask_for([&](std::int64_t row) { return added.data + row * added.row; });
                }
                tile.accumulate(StridedLeft<Terms>{from, left.row, left.column},
                                panel.data + first * panel.row, panel.row, end - first);
                if (end == depth) {
                  tile.store(to, columns, bias_at, moved(addend, i, j));
                } else {
                  tile.keep(slabs.kept(i));
                }
              });
        });
      });
}

// Threads share the rows of c, or its panels where they would pack each panel anew.
template <class Terms>
void product(Terms, Strided a, Strided b, const float* bias, Rows addend, float* c,
             std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  const int threads = kernel_threads();
  const std::int64_t pieces = std::min<std::int64_t>(threads, m / 8);
  if (b.column != 1 || pieces < 2 || m * n * k < kWorthSharing) {
    return product_of_rows<Terms>(a, b, bias, addend, c, c_row, m, n, k);
  }
  parallel_for(pieces, threads, [&](std::int64_t piece) {
    const std::int64_t begin = m * piece / pieces;
    const std::int64_t end = m * (piece + 1) / pieces;
    product_of_rows<Terms>({a.data + begin * a.row, a.row, a.column}, b, bias,
                           moved(addend, begin, 0), c + begin * c_row, c_row, end - begin, n, k);
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_PRODUCT_INL_H_
