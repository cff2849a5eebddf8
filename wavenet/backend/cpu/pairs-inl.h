// Products of operands that are rounded to bf16, two steps of the depth at a time, compiled once for
// each instruction set.
//
//   word p of row i:  [ a(i, 2p) | a(i, 2p + 1) ]     the even element in the low half
//   sum += a(i, 2p + 1) b(2p + 1, j), then sum += a(i, 2p) b(2p, j)
//
// That order is vdpbf16ps's, which does both in one instruction; elsewhere two multiply-adds do, with
// the same bits unless a sum is subnormal, which the instruction makes 0. Operands are packed once as
// words, those of the left matrix by rows, those of the right one by panels. An odd depth ends with
// a word whose other half is 0.
#if defined(WAVENET_BACKEND_CPU_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_PAIRS_INL_H_
#undef WAVENET_BACKEND_CPU_PAIRS_INL_H_
#else
#define WAVENET_BACKEND_CPU_PAIRS_INL_H_
#endif

#include <limits>
#include <type_traits>

#include "wavenet/backend/cpu/gemm-inl.h"
#include "wavenet/backend/cpu/panel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

using Word = std::uint32_t;
using Words = hn::RebindToUnsigned<D>;

constexpr std::int64_t words_for(std::int64_t depth) { return (depth + 1) / 2; }

// The instructions, by asm, as the compiler is told of none beyond a target's. Of floats: bf16 in the
// low half of each lane; both vectors of them one after the other; sum += products of pairs.
#if HWY_TARGET <= HWY_AVX3
constexpr bool kMayHavePairs = true;
HWY_INLINE hn::Vec<Words> convert(V x) {
  hn::Vec<hn::Repartition<std::uint16_t, hn::Half<D>>> half;
  asm("vcvtneps2bf16 %1, %0" : "=v"(half.raw) : "v"(x.raw));
  return hn::PromoteTo(Words(), half);
}
HWY_INLINE hn::Vec<Words> convert_two(V first, V second) {
  hn::Vec<Words> both;
  asm("vcvtne2ps2bf16 %1, %2, %0" : "=v"(both.raw) : "v"(first.raw), "v"(second.raw));
  return both;
}
template <class VectorOfFloats>
HWY_INLINE VectorOfFloats add_pairs(VectorOfFloats a, VectorOfFloats b, VectorOfFloats sum) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "v"(b.raw));
  return sum;
}
#else
constexpr bool kMayHavePairs = false;
#endif

// bf16 in the low half of each lane: to nearest, ties to even; subnormals become 0, a NaN stays one.
template <bool kInstruction>
HWY_INLINE hn::Vec<Words> rounded(V x) {
#if HWY_TARGET <= HWY_AVX3
  if constexpr (kInstruction) {
    return convert(x);
  }
#endif
  const Words d;
  const auto bits = hn::BitCast(d, x);
  const auto kept = hn::ShiftRight<16>(bits);
  const auto odd = hn::And(kept, hn::Set(d, 1));
  const auto nearest = hn::ShiftRight<16>(hn::Add(hn::Add(bits, hn::Set(d, 0x7FFF)), odd));
  const auto sign = hn::And(kept, hn::Set(d, 0x8000));
  const auto subnormal =
      hn::RebindMask(d, hn::Lt(hn::Abs(x), hn::Set(D(), std::numeric_limits<float>::min())));
  const auto finite = hn::IfThenElse(subnormal, sign, nearest);
  const auto is_nan = hn::RebindMask(d, hn::Ne(x, x));
  return hn::IfThenElse(is_nan, hn::Or(kept, hn::Set(d, 0x40)), finite);
}

// to[j] = (even[j], odd[j]) for `count` columns, then zeros up to `width`; `odd` may be null, for
// zeros.
template <bool kInstruction>
HWY_INLINE void pair_rows(const float* even, const float* odd, std::int64_t count,
                          std::int64_t width, Word* to) {
  const D d;
  const Words words;
  for (std::int64_t j = 0; j < width; j += vector_lanes()) {
    const std::int64_t rest = count - j;
    const auto load = [&](const float* from) {
      return rest >= vector_lanes() ? hn::LoadU(d, from + j)
             : rest > 0             ? load_part(d, from + j, rest)
                                    : hn::Zero(d);
    };
    auto value = rounded<kInstruction>(load(even));
    if (odd != nullptr) {
      value = hn::Or(value, hn::ShiftLeft<16>(rounded<kInstruction>(load(odd))));
    }
    if (width - j >= vector_lanes()) {
      hn::StoreU(value, words, to + j);
    } else {
      store_part(hn::BitCast(d, value), d, reinterpret_cast<float*>(to + j), width - j);
    }
  }
}

// The words of two vectors of floats that stand side by side.
template <bool kInstruction>
HWY_INLINE hn::Vec<Words> words_of(const float* from) {
  const D d;
#if HWY_TARGET <= HWY_AVX3
  if constexpr (kInstruction) {
    return convert_two(hn::LoadU(d, from), hn::LoadU(d, from + vector_lanes()));
  }
#endif
  V even;
  V odd;
  hn::LoadInterleaved2(d, from, even, odd);
  return hn::Or(rounded<kInstruction>(even), hn::ShiftLeft<16>(rounded<kInstruction>(odd)));
}

// A row whose elements stand side by side, as words.
template <bool kInstruction>
HWY_INLINE void pair_elements(const float* row, std::int64_t depth, Word* to) {
  std::int64_t p = 0;
  for (; p + 2 * vector_lanes() <= depth; p += 2 * vector_lanes()) {
    hn::StoreU(words_of<kInstruction>(row + p), Words(), to + p / 2);
  }
  if (p < depth) {
    HWY_ALIGN float rest[2 * HWY_MAX_BYTES / sizeof(float)] = {};
    HWY_ALIGN Word words[HWY_MAX_BYTES / sizeof(Word)];
    std::copy(row + p, row + depth, rest);
    hn::Store(words_of<kInstruction>(rest), Words(), words);
    std::copy_n(words, words_for(depth - p), to + p / 2);
  }
}

// Rows of words, as `row_at` says where each pair of them comes from: to[p * width + j] holds element j
// of rows 2p and 2p + 1 of `depth`.
template <bool kInstruction, class RowAt>
HWY_INLINE void pair_all_rows(const RowAt& row_at, std::int64_t depth, std::int64_t count,
                              std::int64_t width, Word* to) {
  for (std::int64_t p = 0; p < depth; p += 2) {
    pair_rows<kInstruction>(row_at(p), p + 1 < depth ? row_at(p + 1) : nullptr, count, width,
                            to + p / 2 * width);
  }
}

// How a tile multiplies words (see Floats).
template <bool kInstruction>
struct Pairs {
  using Element = Word;
  static std::int64_t depth(std::int64_t k) { return words_for(k); }
  static const Word* rows(const float* rows, std::int64_t count, std::int64_t k, Workspace& room,
                          Workspace::Part part) {
    Word* words = room.at<Word>(part, count * depth(k));
    for (std::int64_t i = 0; i < count; ++i) {
      pair_elements<kInstruction>(rows + i * k, k, words + i * depth(k));
    }
    return words;
  }

  static constexpr bool kUsesInstruction = kInstruction && kMayHavePairs;

  // Both halves as floats, or one register of words.
  template <class Tag>
  struct Split {
    hn::Vec<Tag> even;
    hn::Vec<Tag> odd;
  };
  template <class Tag>
  using Operand = std::conditional_t<kUsesInstruction, hn::Vec<Tag>, Split<Tag>>;

  template <class Tag>
  static HWY_INLINE Operand<Tag> split(Tag d, hn::Vec<hn::RebindToUnsigned<Tag>> words) {
    if constexpr (kUsesInstruction) {
      return hn::BitCast(d, words);
    } else {
      const hn::RebindToUnsigned<Tag> as_words;
      return {hn::BitCast(d, hn::ShiftLeft<16>(words)),
              hn::BitCast(d, hn::And(words, hn::Set(as_words, 0xFFFF0000)))};
    }
  }
  template <class Tag>
  static HWY_INLINE Operand<Tag> spread(Tag d, Word word) {
    return split(d, hn::Set(hn::RebindToUnsigned<Tag>(), word));
  }
  template <class Tag>
  static HWY_INLINE Operand<Tag> load(Tag d, const Word* from) {
    return split(d, hn::LoadU(hn::RebindToUnsigned<Tag>(), from));
  }
  template <class Tag>
  static HWY_INLINE hn::Vec<Tag> add(Tag, const Operand<Tag>& a, const Operand<Tag>& b,
                                     hn::Vec<Tag> sum) {
    if constexpr (kUsesInstruction) {
      return add_pairs(a, b, sum);
    } else {
      return hn::MulAdd(a.even, b.even, hn::MulAdd(a.odd, b.odd, sum));
    }
  }
};

// The left matrix as words, by its rows or, where it is turned, by those of what was turned.
template <bool kInstruction>
StridedLeft<Pairs<kInstruction>> left_of(Pairs<kInstruction>, Strided a, std::int64_t m,
                                         std::int64_t k) {
  const std::int64_t depth = words_for(k);
  Word* words = workspace().at<Word>(Workspace::Part::words, m * depth);
  if (a.row == 1) {
    pair_all_rows<kInstruction>([&](std::int64_t p) { return a.data + p * a.column; }, k, m, m,
                                words);
    return {words, 1, m};
  }
  for (std::int64_t i = 0; i < m; ++i) {
    const float* row = a.data + i * a.row;
    if (a.column == 1) {
      pair_elements<kInstruction>(row, k, words + i * depth);
      continue;
    }
    for (std::int64_t p = 0; p < k; p += 2) {
      pair_rows<kInstruction>(row + p * a.column, p + 1 < k ? row + (p + 1) * a.column : nullptr, 1,
                              1, words + i * depth + p / 2);
    }
  }
  return {words, depth, 1};
}

// Columns `first` to first + columns - 1 of b as words, in `scratch`.
template <bool kInstruction>
Panel<Word> tap_panel(Pairs<kInstruction>, Strided b, std::int64_t first, std::int64_t columns,
                      std::int64_t depth, std::int64_t width, Word* scratch, Workspace& room) {
  if (b.column != 1) {
    float* floats = room.at<float>(Workspace::Part::slab, depth * width);
    pack_panel(b, first, columns, depth, width, floats);
    b = {floats, width, 1};
    first = 0;
  }
  pair_all_rows<kInstruction>([&](std::int64_t p) { return b.data + p * b.row + first; }, depth,
                              columns, width, scratch);
  return {scratch, width};
}
template <bool kInstruction>
Panel<Word> packed(Pairs<kInstruction> terms, Strided b, std::int64_t first, std::int64_t columns,
                   std::int64_t depth, std::int64_t width, Workspace& room) {
  Word* scratch = room.at<Word>(Workspace::Part::panel, width * words_for(depth));
  return tap_panel(terms, b, first, columns, depth, width, scratch, room);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_PAIRS_INL_H_
