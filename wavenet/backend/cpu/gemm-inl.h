// The tile that every product of matrices is made of, compiled once for each instruction set:
//
//                     panel of b: depth rows of kVectors vectors
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
#include <utility>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/cpu/sweep-inl.h"
#include "wavenet/backend/workspace.h"
#include "wavenet/base/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// 16 registers hold 6 x 2 sums, 2 vectors of b and 1 of a; the 32 of AVX-512 hold 14 x 2. A build
// with sanitizers, which takes minutes to compile such tiles, sets its own number.
#ifdef WAVENET_TILE_ROWS
constexpr std::int64_t kTileRows = WAVENET_TILE_ROWS;
#else
constexpr std::int64_t kTileRows = HWY_TARGET <= HWY_AVX3 ? 14 : 6;
#endif

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

// Row i of a tile goes to first + i * row, or to rows[i] + column.
struct StridedTo {
  float* first;
  std::int64_t row;
  float* at(std::int64_t i) const { return first + i * row; }
};
struct GatheredTo {
  float* const* rows;
  std::int64_t column;
  float* at(std::int64_t i) const { return rows[i] + column; }
};

// A call that is not inlined would need the sums in memory.
#define INLINE_LAMBDA __attribute__((always_inline))

// Calls each(number) for the numbers below kCount, as constants: with a loop, the compiler would
// keep a tile's sums in memory.
template <std::int64_t kCount, class Each>
HWY_INLINE void unrolled(const Each& each) {
  [&]<std::int64_t... kNumber>(std::integer_sequence<std::int64_t, kNumber...>) INLINE_LAMBDA {
    (each(std::integral_constant<std::int64_t, kNumber>()), ...);
  }
  (std::make_integer_sequence<std::int64_t, kCount>());
}

// `Tag` says how wide a vector is: D, or half of it.
template <class Tag, std::int64_t kRows, std::int64_t kVectors>
struct Tile {
  using V = hn::Vec<Tag>;
  V sums[kRows][kVectors];

  // Clears the sums, and asks for the lines that they will go to.
  template <class To>
  HWY_INLINE void start(const To& to) {
    unrolled<kRows>([&](auto i) INLINE_LAMBDA {
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        hwy::Prefetch(to.at(i) + v * vector_lanes<Tag>());
        sums[i][v] = hn::Zero(Tag());
      });
    });
  }

  // Asks for the lines of as many rows of as many columns as the tile has, row i at(i).
  template <class At>
  static HWY_INLINE void ask_for(const At& at) {
    unrolled<kRows>([&](auto i) INLINE_LAMBDA {
      unrolled<kVectors>([&](auto v)
                             INLINE_LAMBDA { hwy::Prefetch(at(i) + v * vector_lanes<Tag>()); });
    });
  }

  // Goes on from the sums in rows[i] + column.
  HWY_INLINE void resume(const float* const* rows, std::int64_t column, std::int64_t columns) {
    const Tag d;
    const std::int64_t lanes = vector_lanes<Tag>();
    const std::int64_t rest = columns - (kVectors - 1) * lanes;
    unrolled<kRows>([&](auto i) INLINE_LAMBDA {
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        const float* from = rows[i] + column + v * lanes;
        sums[i][v] =
            v == kVectors - 1 && rest < lanes ? load_part(d, from, rest) : hn::LoadU(d, from);
      });
    });
  }

  // Keeps the sums in memory, and goes on from there; row i stands at place.at(i).
  HWY_INLINE void keep(const StridedTo& place) const {
    unrolled<kRows>([&](auto i) INLINE_LAMBDA {
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        hn::StoreU(sums[i][v], Tag(), place.at(i) + v * vector_lanes<Tag>());
      });
    });
  }
  HWY_INLINE void go_on(const StridedTo& place) {
    unrolled<kRows>([&](auto i) INLINE_LAMBDA {
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        sums[i][v] = hn::LoadU(Tag(), place.at(i) + v * vector_lanes<Tag>());
      });
    });
  }

  // Adds left times the rows of b from `b` on, `b_row` floats apart.
  template <class Left>
  HWY_INLINE void accumulate(const Left& left, const float* b, std::int64_t b_row,
                             std::int64_t depth) {
    accumulate_as<false>(left, b, b_row, kVectors * vector_lanes<Tag>(), depth);
  }

  // The same where b has only `columns` columns.
  template <class Left>
  HWY_INLINE void accumulate_columns(const Left& left, const float* b, std::int64_t b_row,
                                     std::int64_t columns, std::int64_t depth) {
    if (columns < kVectors * vector_lanes<Tag>()) {
      accumulate_as<true>(left, b, b_row, columns, depth);
    } else {
      accumulate_as<false>(left, b, b_row, columns, depth);
    }
  }

  // to = sums + bias + addend; the last vector may be partial. `bias` may be null, and the addend's
  // rows none.
  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias, Rows addend) const {
    const auto from = [=](std::int64_t i) { return addend.data + i * addend.row; };
    store_sum(to, columns, bias, addend.data != nullptr, from);
  }
  // The same with the addend's rows anywhere: rows[i] + column.
  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias,
                        const float* const* rows, std::int64_t column) const {
    store_sum(to, columns, bias, true, [&](std::int64_t i) { return rows[i] + column; });
  }
  // to = sums + bias, or to += sums + bias.
  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias, bool add) const {
    store_sum(to, columns, bias, add, [&](std::int64_t i) { return to.at(i); });
  }

 private:
  template <bool kCut, class Left>
  HWY_INLINE void accumulate_as(const Left& left, const float* b, std::int64_t b_row,
                                std::int64_t columns, std::int64_t depth) {
    const Tag d;
    const std::int64_t lanes = vector_lanes<Tag>();
    const std::int64_t rest = columns - (kVectors - 1) * lanes;
    for (std::int64_t p = 0; p < depth; ++p) {
      V values[kVectors];
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        const float* from = b + v * lanes;
        values[v] = kCut && v == kVectors - 1 ? load_part(d, from, rest) : hn::LoadU(d, from);
      });
      b += b_row;
      const auto at = left.at(p);
      unrolled<kRows>([&](auto i) INLINE_LAMBDA {
        const V value = hn::Set(d, left.get(at, i, p));
        unrolled<kVectors>(
            [&](auto v) INLINE_LAMBDA { sums[i][v] = hn::MulAdd(value, values[v], sums[i][v]); });
      });
    }
  }

  template <class To, class From>
  HWY_INLINE void store_sum(const To& to, std::int64_t columns, const float* bias, bool adds,
                            const From& from) const {
    if (columns < kVectors * vector_lanes<Tag>()) {
      store_as<true>(to, columns, bias, adds, from);
    } else {
      store_as<false>(to, columns, bias, adds, from);
    }
  }

  template <bool kCut, class To, class From>
  HWY_INLINE void store_as(const To& to, std::int64_t columns, const float* bias, bool adds,
                           const From& from) const {
    const Tag d;
    const std::int64_t lanes = vector_lanes<Tag>();
    const std::int64_t rest = columns - (kVectors - 1) * lanes;
    unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
      constexpr bool kPartial = kCut && v == kVectors - 1;
      const auto load = [&](const float* where) INLINE_LAMBDA {
        return kPartial ? load_part(d, where, rest) : hn::LoadU(d, where);
      };
      const V shift = bias == nullptr ? hn::Zero(d) : load(bias + v * lanes);
      unrolled<kRows>([&](auto i) INLINE_LAMBDA {
        float* at = to.at(i) + v * lanes;
        V value = hn::Add(sums[i][v], shift);
        if (adds) {
          value = hn::Add(load(from(i) + v * lanes), value);
        }
        if constexpr (kPartial) {
          store_part(value, d, at, rest);
        } else {
          hn::StoreU(value, d, at);
        }
      });
    });
  }
};

// Calls run.operator()<n>(i) for tiles of nearly equal numbers of rows, n, that cover m.
template <std::int64_t kRows, class Run>
HWY_INLINE void with_rows(std::int64_t rows, std::int64_t i, const Run& run) {
  if constexpr (kRows > 0) {
    if (rows == kRows) {
      run.template operator()<kRows>(i);
    } else {
      with_rows<kRows - 1>(rows, i, run);
    }
  }
}
template <class Run>
HWY_INLINE void for_each_tile(std::int64_t m, const Run& run) {
  const std::int64_t tiles = (m + kTileRows - 1) / kTileRows;
  for (std::int64_t t = 0; t < tiles; ++t) {
    const std::int64_t first = m * t / tiles;
    with_rows<kTileRows>(m * (t + 1) / tiles - first, first, run);
  }
}

// A deep product is worked off slab by slab of its depth: what the tiles of a slab read, each of them
// again, then stays in the L1 cache. Between slabs a tile's sums stand in memory, and its chains go
// on from there, so the bits are those of one slab.
class Slabs {
 public:
  // Of `rows` rows of tiles, whose sums take `width` floats each; where there are many, one slab.
  Slabs(Workspace& room, std::int64_t rows, std::int64_t width, std::int64_t depth)
      : depth_(depth), slab_(rows <= kMostRows ? kSlab : depth), width_(width) {
    if (depth > slab_) {
      kept_ = room.at<float>(Workspace::Part::slab, rows * width);
    }
  }

  // Calls each(first, end) for every slab.
  template <class Each>
  HWY_INLINE void for_each(const Each& each) const {
    std::int64_t first = 0;
    do {
      each(first, std::min(depth_, first + slab_));
      first += slab_;
    } while (first < depth_);
  }
  // Where the sums of the tile with the first row i stand meanwhile.
  StridedTo kept(std::int64_t i) const { return {kept_ + i * width_, width_}; }

 private:
  static constexpr std::int64_t kSlab = 128;
  static constexpr std::int64_t kMostRows = 512;
  std::int64_t depth_;
  std::int64_t slab_;
  std::int64_t width_;
  float* kept_ = nullptr;
};

// Multiply-adds from which the threads' meeting costs less than they save.
constexpr std::int64_t kWorthSharing = 60'000;

// With AVX-512, two vectors of half the width are multiplied in the time of one, so a narrow last
// panel takes half the time. Elsewhere a vector takes its time whatever its width.
using NarrowTag = hn::CappedTag<float, HWY_MAX_BYTES / sizeof(float) / 2>;
constexpr bool kNarrowIsFaster = HWY_TARGET <= HWY_AVX3;

// Calls run.operator()<Tag, vectors>(first column, columns, the thread's workspace) for panels that
// cover n columns: two vectors wide, and at the end one, or half of one, where that is enough. Each
// panel is one thread's, so no sum is split.
template <class Run>
HWY_INLINE void for_each_panel(std::int64_t n, std::int64_t multiply_adds, const Run& run) {
  const std::int64_t width = 2 * vector_lanes();
  const auto panel = [&](std::int64_t number, Workspace& room) {
    const std::int64_t j = number * width;
    const std::int64_t columns = std::min(width, n - j);
    if constexpr (kNarrowIsFaster) {
      if (columns <= vector_lanes<NarrowTag>()) {
        return run.template operator()<NarrowTag, 1>(j, columns, room);
      }
    }
    if (columns > vector_lanes()) {
      run.template operator()<D, 2>(j, columns, room);
    } else {
      run.template operator()<D, 1>(j, columns, room);
    }
  };
  const std::int64_t panels = (n + width - 1) / width;
  const int threads = kernel_threads();
  if (threads > 1 && panels > 1 && multiply_adds >= kWorthSharing) {
    return parallel_for(panels, threads, [&](std::int64_t number) { panel(number, workspace()); });
  }
  Workspace& room = workspace();
  for (std::int64_t number = 0; number < panels; ++number) {
    panel(number, room);
  }
}

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

// Where a tile finds its columns of b: rows from `data` on, `row` floats apart.
struct Panel {
  const float* data;
  std::int64_t row;
};

// Columns `first` to first + columns - 1 of b, where they stand, or packed into `scratch` where
// they are transposed, cut, or so far apart that each row would be on a page of its own.
inline Panel panel_of(Strided b, std::int64_t first, std::int64_t columns, std::int64_t depth,
                      std::int64_t width, float* scratch) {
  if (b.column == 1 && columns == width && b.row <= 512) {
    return {b.data + first, b.row};
  }
  pack_panel(b, first, columns, depth, width, scratch);
  return {scratch, width};
}

#undef INLINE_LAMBDA

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_GEMM_INL_H_
