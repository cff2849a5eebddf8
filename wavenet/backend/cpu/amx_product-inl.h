// c[M, N] = a[M, K] b[K, N] + bias + addend on AMX's tiles (amx-inl.h), which multiply so fast that
// rounding the operands and moving them takes the most time. So the product is worked off in blocks of
// rows, and these in slabs of the depth, whose words stay in the cache until they are multiplied:
//
//   for rows of 256:  for depths of 512:  words of a;  for panels of 32:  words of b, then tile by tile
//
// Between slabs the sums stand in memory. Every chain goes on from there, so the bits are those of one
// walk over the whole depth.
#if defined(WAVENET_BACKEND_CPU_AMX_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_AMX_PRODUCT_INL_H_
#undef WAVENET_BACKEND_CPU_AMX_PRODUCT_INL_H_
#else
#define WAVENET_BACKEND_CPU_AMX_PRODUCT_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "wavenet/backend/cpu/amx-inl.h"
#include "wavenet/backend/cpu/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

#if HWY_TARGET <= HWY_AVX3

inline void product_of_block(Strided a, Strided b, const float* bias, Rows addend, float* c,
                             std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  using Terms = Pairs<Bf16Unit::tiles>;
  constexpr std::int64_t kSlab = 512;
  constexpr std::int64_t kPanel = 32;
  Workspace& room = workspace();
  const std::int64_t kept_row = (n + kPanel - 1) / kPanel * kPanel;
  float* kept =
      k > kSlab ? room.at<float>(Workspace::Part::sums, (m + kSpareRows) * kept_row) : nullptr;
  std::int64_t first = 0;
  do {
    const std::int64_t end = std::min(k, first + kSlab);
    const auto left =
        left_of(Terms(), {a.data + first * a.column, a.row, a.column}, m, end - first);
    constexpr std::int64_t kNotShared = 0;
    for_each_panel<Terms>(
        n, kNotShared,
        [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace&) {
          const auto panel = packed(Terms(), {b.data + first * b.row, b.row, b.column}, j, columns,
                                    end - first, kVectors * vector_lanes<Tag>(), room);
          for_each_tile<Tag, kVectors>(
              Terms(), m, [&]<class TileOf>(std::int64_t i, std::int64_t rows) {
                TileOf tile(rows);
                const StridedTo to{c + i * c_row + j, c_row};
                const StridedTo place{kept + i * kept_row + j, kept_row};
                if (first == 0) {
                  tile.start(to);
                } else {
                  tile.go_on(place);
                }
                tile.accumulate(
                    StridedLeft<Terms>{left.first + i * left.row, left.row, left.column},
                    panel.data, panel.row, Terms::depth(end - first));
                if (end == k) {
                  tile.store(to, columns, bias == nullptr ? nullptr : bias + j,
                             moved(addend, i, j));
                } else {
                  tile.keep(place);
                }
              });
        });
    first = end;
  } while (first < k);
}

// Threads share the rows of c.
inline void product(Pairs<Bf16Unit::tiles>, Strided a, Strided b, const float* bias, Rows addend,
                    float* c, std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  constexpr std::int64_t kBlock = 256;
  const auto run = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += kBlock) {
      product_of_block({a.data + i * a.row, a.row, a.column}, b, bias, moved(addend, i, 0),
                       c + i * c_row, c_row, std::min(kBlock, end - i), n, k);
    }
  };
  const int threads = kernel_threads();
  const std::int64_t pieces = std::min<std::int64_t>(threads, m / AmxTile<2>::kRows);
  if (pieces < 2 || m * n * k < kWorthSharing) {
    return run(0, m);
  }
  parallel_for(pieces, threads,
               [&](std::int64_t piece) { run(m * piece / pieces, m * (piece + 1) / pieces); });
}

#endif  // HWY_TARGET <= HWY_AVX3

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_AMX_PRODUCT_INL_H_
