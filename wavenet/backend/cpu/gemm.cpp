// c[M, N] = a[M, K] b[K, N]: b is copied, two vectors of columns at a time, into a panel that lies
// in one piece; then each tile of kRows x 2 vectors of c stays in registers over the whole of K:
//
//                     panel of b: K x 2 vectors
//                     [b0][b1]   <- row k
//        a: kRows x K   |   |
//        [a(i, k)] ---> c(i): [acc0][acc1] += a(i, k) * [b0][b1]
//
// Every element of c is one chain of multiply-adds over k, so its bits do not depend on the tile.
#include <algorithm>
#include <vector>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// 16 registers hold 6 x 2 sums, 2 of b and 1 of a; AVX-512 has 32.
constexpr std::int64_t kRows = HWY_TARGET <= HWY_AVX3 ? 12 : 6;

// panel[k * width + j] = b[k, first + j], zero where b ends.
void pack(Strided b, std::int64_t first, std::int64_t columns, std::int64_t k, std::int64_t width,
          float* panel) {
  if (columns < width) {
    std::fill(panel, panel + k * width, 0.0f);
  }
  if (b.column == 1) {
    for (std::int64_t i = 0; i < k; ++i) {
      const float* from = b.data + i * b.row + first;
      std::copy(from, from + columns, panel + i * width);
    }
    return;
  }
  for (std::int64_t j = 0; j < columns; ++j) {
    const float* from = b.data + (first + j) * b.column;
    for (std::int64_t i = 0; i < k; ++i) {
      panel[i * width + j] = from[i * b.row];
    }
  }
}

// `columns` of kTileRows rows of c.
template <std::int64_t kTileRows>
void tile(const float* a, std::int64_t a_row, std::int64_t a_column, const float* panel, float* c,
          std::int64_t c_row, std::int64_t columns, std::int64_t k, bool add) {
  const D d;
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(d));
  V sums[kTileRows][2];
  for (std::int64_t i = 0; i < kTileRows; ++i) {
    sums[i][0] = sums[i][1] = hn::Zero(d);
  }
  for (std::int64_t p = 0; p < k; ++p) {
    const V b0 = hn::Load(d, panel);
    const V b1 = hn::Load(d, panel + lanes);
    panel += 2 * lanes;
    const float* at = a + p * a_column;
    for (std::int64_t i = 0; i < kTileRows; ++i) {
      const V value = hn::Set(d, at[i * a_row]);
      sums[i][0] = hn::MulAdd(value, b0, sums[i][0]);
      sums[i][1] = hn::MulAdd(value, b1, sums[i][1]);
    }
  }
  const auto first = hn::FirstN(d, static_cast<std::size_t>(std::min(columns, lanes)));
  const auto second =
      hn::FirstN(d, static_cast<std::size_t>(std::max<std::int64_t>(columns - lanes, 0)));
  const bool whole = columns == 2 * lanes;
  for (std::int64_t i = 0; i < kTileRows; ++i) {
    float* to = c + i * c_row;
    if (whole) {
      const V c0 = add ? hn::Add(hn::LoadU(d, to), sums[i][0]) : sums[i][0];
      const V c1 = add ? hn::Add(hn::LoadU(d, to + lanes), sums[i][1]) : sums[i][1];
      hn::StoreU(c0, d, to);
      hn::StoreU(c1, d, to + lanes);
      continue;
    }
    const V c0 = add ? hn::Add(hn::MaskedLoad(first, d, to), sums[i][0]) : sums[i][0];
    hn::BlendedStore(c0, first, d, to);
    if (columns > lanes) {
      const V c1 = add ? hn::Add(hn::MaskedLoad(second, d, to + lanes), sums[i][1]) : sums[i][1];
      hn::BlendedStore(c1, second, d, to + lanes);
    }
  }
}

// The last rows, fewer than kRows, with the tile of just that height.
template <std::int64_t kTileRows>
void last_tile(std::int64_t rows, const float* a, std::int64_t a_row, std::int64_t a_column,
               const float* panel, float* c, std::int64_t c_row, std::int64_t columns,
               std::int64_t k, bool add) {
  if constexpr (kTileRows > 0) {
    if (rows == kTileRows) {
      tile<kTileRows>(a, a_row, a_column, panel, c, c_row, columns, k, add);
    } else {
      last_tile<kTileRows - 1>(rows, a, a_row, a_column, panel, c, c_row, columns, k, add);
    }
  }
}

void Gemm(Strided a, Strided b, float* c, std::int64_t c_row, std::int64_t m, std::int64_t n,
          std::int64_t k, bool add) {
  const std::int64_t width = 2 * static_cast<std::int64_t>(hn::Lanes(D()));
  thread_local std::vector<float> scratch;  // grows to the largest panel, then stays
  const std::size_t needed = static_cast<std::size_t>(width * k + 16);
  if (scratch.size() < needed) {
    scratch.resize(needed);
  }
  const auto misaligned = reinterpret_cast<std::uintptr_t>(scratch.data()) % 64;
  float* panel = scratch.data() + (misaligned == 0 ? 0 : (64 - misaligned) / sizeof(float));
  for (std::int64_t j = 0; j < n; j += width) {
    const std::int64_t columns = std::min(width, n - j);
    pack(b, j, columns, k, width, panel);
    std::int64_t i = 0;
    for (; i + kRows <= m; i += kRows) {
      tile<kRows>(a.data + i * a.row, a.row, a.column, panel, c + i * c_row + j, c_row, columns, k,
                  add);
    }
    last_tile<kRows - 1>(m - i, a.data + i * a.row, a.row, a.column, panel, c + i * c_row + j,
                         c_row, columns, k, add);
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Gemm);

void gemm(Strided a, Strided b, float* c, std::int64_t c_row, std::int64_t m, std::int64_t n,
          std::int64_t k, bool add) {
  HWY_DYNAMIC_DISPATCH(Gemm)(a, b, c, c_row, m, n, k, add);
}

}  // namespace wavenet::cpu
#endif
