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
// left.get(at, i, p) for each row. That is all in which gemm and convolution differ. Its `Terms` say
// what one p is: a float, or two elements rounded to bf16 (pairs-inl.h).
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

// How a tile multiplies floats, which it reads where they stand (pairs-inl.h has another way).
struct Floats {
  using Element = float;
  static constexpr bool kHasNarrowTiles = true;
  // Elements that a depth of k takes.
  static std::int64_t depth(std::int64_t k) { return k; }
  // `count` rows of k floats side by side, as left operands.
  static const float* rows(const float* rows, std::int64_t, std::int64_t, Workspace&,
                           Workspace::Part) {
    return rows;
  }
  template <class Tag>
  using Operand = hn::Vec<Tag>;
  template <class Tag>
  static HWY_INLINE hn::Vec<Tag> spread(Tag d, float value) {
    return hn::Set(d, value);
  }
  template <class Tag>
  static HWY_INLINE hn::Vec<Tag> load(Tag d, const float* from) {
    return hn::LoadU(d, from);
  }
  template <class Tag>
  static HWY_INLINE hn::Vec<Tag> add(Tag, hn::Vec<Tag> a, hn::Vec<Tag> b, hn::Vec<Tag> sum) {
    return hn::MulAdd(a, b, sum);
  }
};

// a(i, p) = first[i * row + p * column].
template <class TermsOf = Floats>
struct StridedLeft {
  using Terms = TermsOf;
  using Element = typename Terms::Element;
  const Element* first;
  std::int64_t row;
  std::int64_t column;
  const Element* at(std::int64_t p) const { return first + p * column; }
  Element get(const Element* at, std::int64_t i, std::int64_t) const { return at[i * row]; }
};

// Rows that stand anywhere: a(i, p) = rows[i][p].
template <class TermsOf = Floats>
struct GatheredRows {
  using Terms = TermsOf;
  using Element = typename Terms::Element;
  const Element* const* rows;
  const Element* const* at(std::int64_t) const { return rows; }
  Element get(const Element* const* at, std::int64_t i, std::int64_t p) const { return at[i][p]; }
};

// The transpose of such rows: a(i, p) = rows[p][first + i].
struct GatheredColumns {
  using Terms = Floats;
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

  explicit HWY_INLINE Tile(std::int64_t /*rows*/) {}

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
  HWY_INLINE void accumulate(const Left& left, const typename Left::Terms::Element* b,
                             std::int64_t b_row, std::int64_t depth) {
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
  HWY_INLINE void accumulate_as(const Left& left, const typename Left::Terms::Element* b,
                                std::int64_t b_row, std::int64_t columns, std::int64_t depth) {
    using Terms = typename Left::Terms;
    using Operand = typename Terms::template Operand<Tag>;
    const Tag d;
    const std::int64_t lanes = vector_lanes<Tag>();
    const std::int64_t rest = columns - (kVectors - 1) * lanes;
    for (std::int64_t p = 0; p < depth; ++p) {
      Operand values[kVectors];
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        const auto* from = b + v * lanes;
        if constexpr (kCut && v == kVectors - 1) {
          values[v] = load_part(d, from, rest);
        } else {
          values[v] = Terms::load(d, from);
        }
      });
      b += b_row;
      const auto at = left.at(p);
      unrolled<kRows>([&](auto i) INLINE_LAMBDA {
        const Operand value = Terms::spread(d, left.get(at, i, p));
        unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
          sums[i][v] = Terms::add(d, value, values[v], sums[i][v]);
        });
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

// What stands from row i and column j on.
inline Rows moved(Rows rows, std::int64_t i, std::int64_t j) {
  return rows.data == nullptr ? rows : Rows{rows.data + i * rows.row + j, rows.row};
}

// Calls run.operator()<a tile's type>(its first row, its rows) for tiles of nearly equal numbers of rows
// that cover m. The tile is made where it is used, or the compiler would keep its sums in memory.
template <class Tag, std::int64_t kVectors, std::int64_t kRows, class Run>
HWY_INLINE void with_rows(std::int64_t rows, std::int64_t i, const Run& run) {
  if constexpr (kRows > 0) {
    if (rows == kRows) {
      run.template operator()<Tile<Tag, kRows, kVectors>>(i, kRows);
    } else {
      with_rows<Tag, kVectors, kRows - 1>(rows, i, run);
    }
  }
}
template <class Tag, std::int64_t kVectors, class Terms, class Run>
HWY_INLINE void for_each_tile(Terms, std::int64_t m, const Run& run) {
  const std::int64_t tiles = (m + kTileRows - 1) / kTileRows;
  for (std::int64_t t = 0; t < tiles; ++t) {
    const std::int64_t first = m * t / tiles;
    with_rows<Tag, kVectors, kTileRows>(m * (t + 1) / tiles - first, first, run);
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
      kept_ = room.at<float>(Workspace::Part::slab, (rows + kMostTileRows) * width);
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
  static constexpr std::int64_t kMostTileRows = 32;  // the last tile may keep more rows than it has
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
template <class Terms, class Run>
HWY_INLINE void for_each_panel(std::int64_t n, std::int64_t multiply_adds, const Run& run) {
  const std::int64_t width = 2 * vector_lanes();
  const auto panel = [&](std::int64_t number, Workspace& room) {
    const std::int64_t j = number * width;
    const std::int64_t columns = std::min(width, n - j);
    if constexpr (kNarrowIsFaster && Terms::kHasNarrowTiles) {
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

#undef INLINE_LAMBDA

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_GEMM_INL_H_
