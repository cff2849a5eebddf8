// The tile that every product of matrices is made of, compiled once for each instruction set:
//
//                     panel of b: depth x kVectors vectors, in one piece
//                     [b0][b1]   <- row p
//   left: kRows of a    |   |
//   [a(i, p)] ------> sum(i): [v0][v1] += a(i, p) * [b0][b1]
//
// The sums stay in registers over the whole depth. Every element of the result is one chain of
// multiply-adds in the order of p, so its bits do not depend on the tile that computes it.
//
// A `left` operand says where a(i, p) stands: left.at(p) is called once for each p, and
// left.get(at, i, p) for each row. That is all in which gemm and convolution differ.
#if defined(WAVENET_BACKEND_CPU_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_GEMM_INL_H_
#undef WAVENET_BACKEND_CPU_GEMM_INL_H_
#else
#define WAVENET_BACKEND_CPU_GEMM_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <vector>

#include "hwy/highway.h"
#include "wavenet/backend/cpu/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// 16 registers hold 6 x 2 sums, 2 of b and 1 of a; AVX-512 has 32.
constexpr std::int64_t kTileRows = HWY_TARGET <= HWY_AVX3 ? 12 : 6;

inline std::int64_t vector_lanes() { return static_cast<std::int64_t>(hn::Lanes(D())); }

// a(i, p) = first[i * row + p * column].
struct StridedLeft {
  const float* first;
  std::int64_t row;
  std::int64_t column;
  const float* at(std::int64_t p) const { return first + p * column; }
  float get(const float* at, std::int64_t i, std::int64_t) const { return at[i * row]; }
};

// Rows that stand anywhere: a(i, p) = rows[i][p].
struct GatheredRows {
  const float* const* rows;
  const float* const* at(std::int64_t) const { return rows; }
  float get(const float* const* at, std::int64_t i, std::int64_t p) const { return at[i][p]; }
};

// The transpose of such rows: a(i, p) = rows[p][first + i].
struct GatheredColumns {
  const float* const* rows;
  std::int64_t first;
  const float* at(std::int64_t p) const { return rows[p] + first; }
  float get(const float* at, std::int64_t i, std::int64_t) const { return at[i]; }
};

template <std::int64_t kRows, std::int64_t kVectors>
struct Tile {
  V sums[kRows][kVectors];

  HWY_INLINE void clear() {
    for (std::int64_t i = 0; i < kRows; ++i) {
      for (std::int64_t v = 0; v < kVectors; ++v) {
        sums[i][v] = hn::Zero(D());
      }
    }
  }

  template <class Left>
  HWY_INLINE void accumulate(const Left& left, const float* panel, std::int64_t depth) {
    const D d;
    const std::int64_t lanes = vector_lanes();
    for (std::int64_t p = 0; p < depth; ++p) {
      V b[kVectors];
      for (std::int64_t v = 0; v < kVectors; ++v) {
        b[v] = hn::Load(d, panel + v * lanes);
      }
      panel += kVectors * lanes;
      const auto at = left.at(p);
      for (std::int64_t i = 0; i < kRows; ++i) {
        const V value = hn::Set(d, left.get(at, i, p));
        for (std::int64_t v = 0; v < kVectors; ++v) {
          sums[i][v] = hn::MulAdd(value, b[v], sums[i][v]);
        }
      }
    }
  }

  // The same with rows of b where they stand, `b_row` floats apart; the last vector may be partial.
  template <class Left>
  HWY_INLINE void accumulate_rows(const Left& left, const float* b, std::int64_t b_row,
                                  std::int64_t columns, std::int64_t depth) {
    const D d;
    const std::int64_t lanes = vector_lanes();
    const std::int64_t last = columns - (kVectors - 1) * lanes;  // of the last vector
    const auto rest = hn::FirstN(d, static_cast<std::size_t>(last));
    const auto run = [&]<bool kPartial>() {
      for (std::int64_t p = 0; p < depth; ++p) {
        V values[kVectors];
        for (std::int64_t v = 0; v < kVectors; ++v) {
          const float* from = b + v * lanes;
          values[v] =
              kPartial && v == kVectors - 1 ? hn::MaskedLoad(rest, d, from) : hn::LoadU(d, from);
        }
        b += b_row;
        const auto at = left.at(p);
        for (std::int64_t i = 0; i < kRows; ++i) {
          const V value = hn::Set(d, left.get(at, i, p));
          for (std::int64_t v = 0; v < kVectors; ++v) {
            sums[i][v] = hn::MulAdd(value, values[v], sums[i][v]);
          }
        }
      }
    };
    if (last < lanes) {
      run.template operator()<true>();
    } else {
      run.template operator()<false>();
    }
  }

  // c = sums + bias, or c += sums; the last vector may be partial. `bias` may be null.
  HWY_INLINE void store(float* c, std::int64_t c_row, std::int64_t columns, const float* bias,
                        bool add) const {
    const D d;
    const std::int64_t lanes = vector_lanes();
    const std::int64_t last = columns - (kVectors - 1) * lanes;  // of the last vector
    const auto rest = hn::FirstN(d, static_cast<std::size_t>(last));
    for (std::int64_t i = 0; i < kRows; ++i) {
      for (std::int64_t v = 0; v < kVectors; ++v) {
        float* to = c + i * c_row + v * lanes;
        const bool partial = v == kVectors - 1 && last < lanes;
        V value = sums[i][v];
        if (bias != nullptr) {
          const float* from = bias + v * lanes;
          value = hn::Add(value, partial ? hn::MaskedLoad(rest, d, from) : hn::LoadU(d, from));
        }
        if (add) {
          value = hn::Add(partial ? hn::MaskedLoad(rest, d, to) : hn::LoadU(d, to), value);
        }
        if (partial) {
          hn::BlendedStore(value, rest, d, to);
        } else {
          hn::StoreU(value, d, to);
        }
      }
    }
  }
};

// Calls run.operator()<n>(i) for tiles of n rows that cover m: full ones, then what is left.
template <std::int64_t kRows, class Run>
HWY_INLINE void last_rows(std::int64_t rows, std::int64_t i, const Run& run) {
  if constexpr (kRows > 0) {
    if (rows == kRows) {
      run.template operator()<kRows>(i);
    } else {
      last_rows<kRows - 1>(rows, i, run);
    }
  }
}
template <class Run>
HWY_INLINE void for_each_tile(std::int64_t m, const Run& run) {
  std::int64_t i = 0;
  for (; i + kTileRows <= m; i += kTileRows) {
    run.template operator()<kTileRows>(i);
  }
  last_rows<kTileRows - 1>(m - i, i, run);
}

// Calls run.operator()<vectors>(first column, columns) for panels that cover n columns: two vectors
// wide, and at the end one where one is enough.
template <class Run>
HWY_INLINE void for_each_panel(std::int64_t n, const Run& run) {
  const std::int64_t lanes = vector_lanes();
  for (std::int64_t j = 0; j < n; j += 2 * lanes) {
    const std::int64_t columns = std::min(2 * lanes, n - j);
    if (columns > lanes) {
      run.template operator()<2>(j, columns);
    } else {
      run.template operator()<1>(j, columns);
    }
  }
}

// panel[p * width + j] = b[p, first + j], zero where b ends.
inline void pack_panel(Strided b, std::int64_t first, std::int64_t columns, std::int64_t depth,
                       std::int64_t width, float* panel) {
  if (columns < width) {
    std::fill(panel, panel + depth * width, 0.0f);
  }
  if (b.column == 1) {
    for (std::int64_t p = 0; p < depth; ++p) {
      const float* from = b.data + p * b.row + first;
      std::copy(from, from + columns, panel + p * width);
    }
    return;
  }
  for (std::int64_t j = 0; j < columns; ++j) {
    const float* from = b.data + (first + j) * b.column;
    for (std::int64_t p = 0; p < depth; ++p) {
      panel[p * width + j] = from[p * b.row];
    }
  }
}

// Memory of this thread that grows to the largest panel asked for, then stays; 64-byte aligned.
inline float* panel_scratch(std::int64_t floats) {
  thread_local std::vector<float> scratch;
  const std::size_t needed = static_cast<std::size_t>(floats + 16);
  if (scratch.size() < needed) {
    scratch.resize(needed);
  }
  const auto misaligned = reinterpret_cast<std::uintptr_t>(scratch.data()) % 64;
  return scratch.data() + (misaligned == 0 ? 0 : (64 - misaligned) / sizeof(float));
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_GEMM_INL_H_
