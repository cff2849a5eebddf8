// Panels: columns of a product's right matrix as a tile reads them (gemm-inl.h), compiled once for each
// instruction set.
//
//   const Panel<float> panel = panel_of(b, first, 32, depth, 32, scratch);   // panel.data + p * panel.row
#if defined(WAVENET_BACKEND_CPU_PANEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_PANEL_INL_H_
#undef WAVENET_BACKEND_CPU_PANEL_INL_H_
#else
#define WAVENET_BACKEND_CPU_PANEL_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "hwy/highway.h"
#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/cpu/sweep-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Where a tile finds its columns of b: rows from `data` on, `row` elements apart.
template <class Element>
struct Panel {
  const Element* data;
  std::int64_t row;
};

// Four rows of four floats, `from_row` apart, become four columns, `to_row` apart.
HWY_INLINE void transpose_4x4(const float* from, std::int64_t from_row, float* to,
                              std::int64_t to_row) {
#if HWY_TARGET == HWY_SCALAR
  for (std::int64_t i = 0; i < 16; ++i) {
    to[i % 4 * to_row + i / 4] = from[i / 4 * from_row + i % 4];
  }
#else
  const hn::FixedTag<float, 4> d;
  const auto r0 = hn::LoadU(d, from);
  const auto r1 = hn::LoadU(d, from + from_row);
  const auto r2 = hn::LoadU(d, from + 2 * from_row);
  const auto r3 = hn::LoadU(d, from + 3 * from_row);
  const auto low02 = hn::InterleaveLower(d, r0, r2);
  const auto low13 = hn::InterleaveLower(d, r1, r3);
  const auto high02 = hn::InterleaveUpper(d, r0, r2);
  const auto high13 = hn::InterleaveUpper(d, r1, r3);
  hn::StoreU(hn::InterleaveLower(d, low02, low13), d, to);
  hn::StoreU(hn::InterleaveUpper(d, low02, low13), d, to + to_row);
  hn::StoreU(hn::InterleaveLower(d, high02, high13), d, to + 2 * to_row);
  hn::StoreU(hn::InterleaveUpper(d, high02, high13), d, to + 3 * to_row);
#endif
}

// Sixteen rows of sixteen floats become as many columns. With AVX-512, four rows of each vector come
// from four others: the blocks of a vector are transposed as one is above.
HWY_INLINE void transpose_16x16(const float* from, std::int64_t from_row, float* to,
                                std::int64_t to_row) {
#if HWY_TARGET <= HWY_AVX3
  const D d;
  const auto first_4 = hn::FirstN(d, 4);
  const auto first_8 = hn::FirstN(d, 8);
  const auto first_12 = hn::FirstN(d, 12);
  for (std::int64_t j = 0; j < 16; j += 4) {
    const auto blocks_of_rows = [&](std::int64_t i) {  // i, i + 4, i + 8, i + 12
      const auto four = [&](std::int64_t row) {
        return hn::LoadDup128(d, from + row * from_row + j);
      };
      return hn::IfThenElse(first_8, hn::IfThenElse(first_4, four(i), four(i + 4)),
                            hn::IfThenElse(first_12, four(i + 8), four(i + 12)));
    };
    const V r0 = blocks_of_rows(0);
    const V r1 = blocks_of_rows(1);
    const V r2 = blocks_of_rows(2);
    const V r3 = blocks_of_rows(3);
    const V low02 = hn::InterleaveLower(d, r0, r2);
    const V low13 = hn::InterleaveLower(d, r1, r3);
    const V high02 = hn::InterleaveUpper(d, r0, r2);
    const V high13 = hn::InterleaveUpper(d, r1, r3);
    hn::StoreU(hn::InterleaveLower(d, low02, low13), d, to + j * to_row);
    hn::StoreU(hn::InterleaveUpper(d, low02, low13), d, to + (j + 1) * to_row);
    hn::StoreU(hn::InterleaveLower(d, high02, high13), d, to + (j + 2) * to_row);
    hn::StoreU(hn::InterleaveUpper(d, high02, high13), d, to + (j + 3) * to_row);
  }
#else
  for (std::int64_t i = 0; i < 16; i += 4) {
    for (std::int64_t j = 0; j < 16; j += 4) {
      transpose_4x4(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
    }
  }
#endif
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
  std::int64_t j = 0;
  for (; b.row == 1 && j + 4 <= columns; j += 4) {
    const float* from = b.data + (first + j) * b.column;
    std::int64_t p = 0;
    for (; p + 4 <= depth; p += 4) {
      transpose_4x4(from + p, b.column, panel + p * width + j, width);
    }
    for (; p < depth; ++p) {
      for (std::int64_t c = 0; c < 4; ++c) {
        panel[p * width + j + c] = from[c * b.column + p];
      }
    }
  }
  for (; j < columns; ++j) {
    const float* from = b.data + (first + j) * b.column;
    for (std::int64_t p = 0; p < depth; ++p) {
      panel[p * width + j] = from[p * b.row];
    }
  }
}

// Columns `first` to first + columns - 1 of b, where they stand, or packed into `scratch` where
// they are transposed, cut, or so far apart that each row would be on a page of its own.
inline Panel<float> panel_of(Strided b, std::int64_t first, std::int64_t columns,
                             std::int64_t depth, std::int64_t width, float* scratch) {
  if (b.column == 1 && columns == width && b.row <= 512) {
    return {b.data + first, b.row};
  }
  pack_panel(b, first, columns, depth, width, scratch);
  return {scratch, width};
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_PANEL_INL_H_
