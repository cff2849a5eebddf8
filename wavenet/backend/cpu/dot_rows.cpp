// Inner products of rows of time: a tile of left by right rows, whose sums stay in registers, a vector
// each, over all samples.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/dot_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/pieces-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Left rows make the columns of the result, four of which are one store. With the rows themselves,
// a vector of each left row and one of a right, the sums fill 16 registers, or 32 of AVX-512.
constexpr std::int64_t kMostLeft = 4;
#ifdef WAVENET_TILE_ROWS
constexpr std::int64_t kMostRight = WAVENET_TILE_ROWS;
#else
constexpr std::int64_t kMostRight = HWY_TARGET <= HWY_AVX3 ? 6 : 3;
#endif

// Keeps a vector that was loaded in its register. GCC would rather load it again for each product, and
// loads, of which there would be more than products, are what a tile has to spare.
HWY_INLINE void in_register(V& value) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  asm("" : "+v"(value.raw));
#else
  static_cast<void>(value);
#endif
}

// to[0 .. kCount - 1] += the sum of each vector's lanes.
template <std::int64_t kCount>
HWY_INLINE void add_sums(const V* sums, float* to) {
#if HWY_TARGET == HWY_SCALAR
  for (std::int64_t i = 0; i < kCount; ++i) {
    to[i] += hn::GetLane(sums[i]);
  }
#else
  const D d;
  if constexpr (kCount == 4) {
    const hn::Repartition<double, D> pairs;
    const V two =
        hn::Add(hn::InterleaveLower(d, sums[0], sums[1]), hn::InterleaveUpper(d, sums[0], sums[1]));
    const V more =
        hn::Add(hn::InterleaveLower(d, sums[2], sums[3]), hn::InterleaveUpper(d, sums[2], sums[3]));
    const auto low = hn::InterleaveLower(pairs, hn::BitCast(pairs, two), hn::BitCast(pairs, more));
    const auto high = hn::InterleaveUpper(pairs, hn::BitCast(pairs, two), hn::BitCast(pairs, more));
    HWY_ALIGN float blocks[HWY_MAX_BYTES / sizeof(float)];  // in each the four sums of its lanes
    hn::Store(hn::Add(hn::BitCast(d, low), hn::BitCast(d, high)), d, blocks);
    const hn::FixedTag<float, 4> four;
    auto total = hn::LoadU(four, to);
    for (std::int64_t lane = 0; lane < vector_lanes(); lane += 4) {
      total = hn::Add(total, hn::Load(four, blocks + lane));
    }
    hn::StoreU(total, four, to);
  } else {
    for (std::int64_t i = 0; i < kCount; ++i) {
      to[i] += hn::GetLane(hn::SumOfLanes(d, sums[i]));
    }
  }
#endif
}

template <std::int64_t kLeft, std::int64_t kRight>
HWY_INLINE void dot_tile(const RowDots& dots, std::int64_t l, std::int64_t r) {
  const D d;
  const float* left[kLeft];
  const float* right[kRight];
  V sums[kRight][kLeft];
  unrolled<kLeft>([&](auto i)
                      INLINE_LAMBDA { left[i] = static_cast<const float*>(dots.left[l + i]); });
  unrolled<kRight>([&](auto j) INLINE_LAMBDA {
    right[j] = static_cast<const float*>(dots.right[r + j]);
    unrolled<kLeft>([&](auto i) INLINE_LAMBDA { sums[j][i] = hn::Zero(d); });
  });
  const auto add = [&](const auto& load) INLINE_LAMBDA {
    V values[kLeft];
    unrolled<kLeft>([&](auto i) INLINE_LAMBDA { values[i] = load(left[i]); });
    unrolled<kRight>([&](auto j) INLINE_LAMBDA {
      V other = load(right[j]);
      in_register(other);
      unrolled<kLeft>([&](auto i)
                          INLINE_LAMBDA { sums[j][i] = hn::MulAdd(values[i], other, sums[j][i]); });
    });
  };
  const std::int64_t lanes = vector_lanes();
  std::int64_t t = 0;
  for (; t + lanes <= dots.samples; t += lanes) {
    add([&](const float* row) INLINE_LAMBDA { return hn::LoadU(d, row + t); });
  }
  if (t < dots.samples) {
    add([&](const float* row) INLINE_LAMBDA { return load_part(d, row + t, dots.samples - t); });
  }
  unrolled<kRight>(
      [&](auto j) INLINE_LAMBDA { add_sums<kLeft>(sums[j], dots.sums + (r + j) * dots.row + l); });
}

// The left rows stay in the first cache while one tile of right rows after the other meets them.
void DotRows(const RowDots& dots) {
  in_pieces<kMostRight>(dots.right_count, [&]<std::int64_t kRight>(std::int64_t r) {
    std::int64_t l = 0;
    for (; l + kMostLeft <= dots.left_count; l += kMostLeft) {
      dot_tile<kMostLeft, kRight>(dots, l, r);
    }
    if (l < dots.left_count) {
      with_constant<kMostLeft - 1>(
          dots.left_count - l, [&]<std::int64_t kLeft>() { dot_tile<kLeft, kRight>(dots, l, r); });
    }
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(DotRows);

void dot_rows(const RowDots& dots) { HWY_DYNAMIC_DISPATCH(DotRows)(dots); }

}  // namespace wavenet::cpu
#endif
