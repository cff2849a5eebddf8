// Products of operands that are rounded to bf16, two steps of the depth at a time, compiled once for
// each instruction set.
//
//   word p of row i:  [ a(i, 2p) | a(i, 2p + 1) ]     the even element in the low half
//   sum += a(i, 2p + 1) b(2p + 1, j), then sum += a(i, 2p) b(2p, j)
//
// That order is vdpbf16ps's, which does both in one instruction; elsewhere two multiply-adds do, with
// the same bits unless a sum is subnormal, which the instruction makes 0. AMX adds them in an order of
// its own (amx-inl.h). Operands are packed once as words, those of the left matrix by rows, those of
// the right one by panels. A depth that is odd, or cut short for a tile, ends with zeros.
#if defined(WAVENET_BACKEND_CPU_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_PAIRS_INL_H_
#undef WAVENET_BACKEND_CPU_PAIRS_INL_H_
#else
#define WAVENET_BACKEND_CPU_PAIRS_INL_H_
#endif

#include <limits>
#include <type_traits>

#include "wavenet/backend/cpu/bf16.h"
#include "wavenet/backend/cpu/gemm-inl.h"
#include "wavenet/backend/cpu/panel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

using Word = std::uint32_t;
using Words = hn::RebindToUnsigned<D>;

constexpr std::int64_t words_for(std::int64_t depth) { return (depth + 1) / 2; }

// The instructions, by asm, as the compiler is told of none beyond a target's: both vectors of floats as
// bf16, one after the other; sum += products of pairs.
#if HWY_TARGET <= HWY_AVX3
HWY_INLINE hn::Vec<Words> convert(V first, V second) {
  hn::Vec<Words> both;
  asm("vcvtne2ps2bf16 %1, %2, %0" : "=v"(both.raw) : "v"(first.raw), "v"(second.raw));
  return both;
}
template <class VectorOfFloats>
HWY_INLINE VectorOfFloats add_pairs(VectorOfFloats a, VectorOfFloats b, VectorOfFloats sum) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "v"(b.raw));
  return sum;
}
#endif

// bf16 in the low half of each lane: to nearest, ties to even; subnormals become 0, a NaN stays one.
HWY_INLINE hn::Vec<Words> rounded(V x) {
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

// Word i: (even[i], odd[i]).
template <bool kInstruction>
HWY_INLINE hn::Vec<Words> words_of(V even, V odd) {
#if HWY_TARGET <= HWY_AVX3
  if constexpr (kInstruction) {
    const auto even_places = hn::Iota(Words(), 0);
    const auto odd_places = hn::ShiftLeft<16>(hn::Iota(Words(), 16));
    hn::Vec<Words> words;
    words.raw =
        _mm512_permutexvar_epi16(hn::Or(even_places, odd_places).raw, convert(even, odd).raw);
    return words;
  }
#endif
  return hn::Or(rounded(even), hn::ShiftLeft<16>(rounded(odd)));
}

// to[j] = (even[j], odd[j]) for `count` columns, then zeros up to `width`; `odd` may be null, for
// zeros.
template <bool kInstruction>
HWY_INLINE void pair_rows(const float* even, const float* odd, std::int64_t count,
                          std::int64_t width, Word* to) {
  const D d;
  const Words words;
  std::int64_t j = 0;
  for (; odd != nullptr && j + vector_lanes() <= count; j += vector_lanes()) {
    const Load load{j};
    hn::StoreU(words_of<kInstruction>(load(even), load(odd)), words, to + j);
  }
  for (; j < width; j += vector_lanes()) {
    const std::int64_t rest = count - j;
    const auto load = [&](const float* from) {
      return from == nullptr          ? hn::Zero(d)
             : rest >= vector_lanes() ? hn::LoadU(d, from + j)
             : rest > 0               ? load_part(d, from + j, rest)
                                      : hn::Zero(d);
    };
    const auto value = words_of<kInstruction>(load(even), load(odd));
    if (width - j >= vector_lanes()) {
      hn::StoreU(value, words, to + j);
    } else {
      store_part(hn::BitCast(d, value), d, reinterpret_cast<float*>(to + j), width - j);
    }
  }
}

// The words of two vectors of floats that stand side by side.
template <bool kInstruction>
HWY_INLINE hn::Vec<Words> words_at(const float* from) {
  const D d;
#if HWY_TARGET <= HWY_AVX3
  if constexpr (kInstruction) {
    return convert(hn::LoadU(d, from), hn::LoadU(d, from + vector_lanes()));
  }
#endif
  V even;
  V odd;
  hn::LoadInterleaved2(d, from, even, odd);
  return words_of<kInstruction>(even, odd);
}

// A row whose `depth` elements stand side by side, as `size` words, of which the last may be zeros.
template <bool kInstruction>
HWY_INLINE void pair_elements(const float* row, std::int64_t depth, std::int64_t size, Word* to) {
  std::int64_t p = 0;
  for (; p + 2 * vector_lanes() <= depth; p += 2 * vector_lanes()) {
    hn::StoreU(words_at<kInstruction>(row + p), Words(), to + p / 2);
  }
  if (p < depth) {
    HWY_ALIGN float rest[2 * HWY_MAX_BYTES / sizeof(float)] = {};
    HWY_ALIGN Word words[HWY_MAX_BYTES / sizeof(Word)];
    std::copy(row + p, row + depth, rest);
    hn::Store(words_at<kInstruction>(rest), Words(), words);
    std::copy_n(words, words_for(depth - p), to + p / 2);
  }
  std::fill(to + words_for(depth), to + size, 0);
}

// Rows of words, as `row_at` says where each pair of them comes from: to[p * width + j] holds element j
// of rows 2p and 2p + 1 of `depth`. The last of `size` rows of words may be zeros.
template <bool kInstruction, class RowAt>
HWY_INLINE void pair_all_rows(const RowAt& row_at, std::int64_t depth, std::int64_t size,
                              std::int64_t count, std::int64_t width, Word* to) {
  for (std::int64_t p = 0; p < depth; p += 2) {
    pair_rows<kInstruction>(row_at(p), p + 1 < depth ? row_at(p + 1) : nullptr, count, width,
                            to + p / 2 * width);
  }
  std::fill(to + words_for(depth) * width, to + size * width, 0);
}

// Words of a depth that stand in a row of a tile's register.
constexpr std::int64_t kTileWords = 16;
// Rows that are read behind the last one, for the last tile.
constexpr std::int64_t kSpareRows = 32;

// How a tile multiplies words (see Floats).
template <Bf16Unit kUnit>
struct Pairs {
  using Element = Word;
  static constexpr bool kUsesTiles = kUnit == Bf16Unit::tiles;
  static constexpr bool kUsesInstruction = kUnit == Bf16Unit::pairs;
  // Rounding is one too, of every processor that has either.
  static constexpr bool kRounds = kUnit != Bf16Unit::floats;
  static constexpr bool kHasNarrowTiles = !kUsesTiles;

  static constexpr std::int64_t padded(std::int64_t words) {
    return kUsesTiles ? (words + kTileWords - 1) / kTileWords * kTileWords : words;
  }
  static constexpr std::int64_t depth(std::int64_t k) { return padded(words_for(k)); }
  // Memory for rows that tiles read.
  static Word* room_for(std::int64_t count, std::int64_t depth, Workspace& room,
                        Workspace::Part part) {
    return room.at<Word>(part, (count + (kUsesTiles ? kSpareRows : 0)) * depth);
  }
  static const Word* rows(const float* rows, std::int64_t count, std::int64_t k, Workspace& room,
                          Workspace::Part part) {
    Word* words = room_for(count, depth(k), room, part);
    for (std::int64_t i = 0; i < count; ++i) {
      pair_elements<kRounds>(rows + i * k, k, depth(k), words + i * depth(k));
    }
    return words;
  }

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

// A left matrix whose columns were paired: words[p * count + i] is word p of row i. For tiles, which want
// the words of a row side by side, it is turned first, into memory of Terms::room_for.
template <class Terms>
void turn_columns(const Word* words, std::int64_t count, std::int64_t depth, Word* turned) {
  if constexpr (Terms::kUsesTiles) {
    for (std::int64_t i = 0; i < count; i += kTileWords) {
      for (std::int64_t p = 0; p < depth; p += kTileWords) {
        transpose_16x16(reinterpret_cast<const float*>(words + p * count + i), count,
                        reinterpret_cast<float*>(turned + i * depth + p), depth);
      }
    }
  }
}
template <class Terms>
StridedLeft<Terms> left_of_columns(const Word* words, const Word* turned, std::int64_t count,
                                   std::int64_t depth) {
  if constexpr (Terms::kUsesTiles) {
    return {turned, depth, 1};
  } else {
    return {words, 1, count};
  }
}

// The left matrix as words, by its rows or, where it is turned, by those of what was turned.
template <Bf16Unit kUnit>
StridedLeft<Pairs<kUnit>> left_of(Pairs<kUnit>, Strided a, std::int64_t m, std::int64_t k) {
  using Terms = Pairs<kUnit>;
  constexpr bool kRounds = Terms::kRounds;
  const std::int64_t depth = Terms::depth(k);
  Workspace& room = workspace();
  Word* words = Terms::room_for(m, depth, room, Workspace::Part::words);
  if (a.row == 1) {
    pair_all_rows<kRounds>([&](std::int64_t p) { return a.data + p * a.column; }, k, depth, m, m,
                           words);
    Word* turned = Terms::room_for(m, depth, room, Workspace::Part::turned);
    turn_columns<Terms>(words, m, depth, turned);
    return left_of_columns<Terms>(words, turned, m, depth);
  }
  for (std::int64_t i = 0; i < m; ++i) {
    const float* row = a.data + i * a.row;
    if (a.column == 1) {
      pair_elements<kRounds>(row, k, depth, words + i * depth);
      continue;
    }
    for (std::int64_t p = 0; p < k; p += 2) {
      pair_rows<kRounds>(row + p * a.column, p + 1 < k ? row + (p + 1) * a.column : nullptr, 1, 1,
                         words + i * depth + p / 2);
    }
    std::fill(words + i * depth + words_for(k), words + (i + 1) * depth, 0);
  }
  return {words, depth, 1};
}

// Columns `first` to first + columns - 1 of b as words, in `scratch`.
template <Bf16Unit kUnit>
Panel<Word> tap_panel(Pairs<kUnit>, Strided b, std::int64_t first, std::int64_t columns,
                      std::int64_t depth, std::int64_t width, Word* scratch, Workspace& room) {
  if (b.column != 1) {
    float* floats = room.at<float>(Workspace::Part::slab, depth * width);
    pack_panel(b, first, columns, depth, width, floats);
    b = {floats, width, 1};
    first = 0;
  }
  pair_all_rows<Pairs<kUnit>::kRounds>([&](std::int64_t p) { return b.data + p * b.row + first; },
                                       depth, Pairs<kUnit>::depth(depth), columns, width, scratch);
  return {scratch, width};
}
template <Bf16Unit kUnit>
Panel<Word> packed(Pairs<kUnit> terms, Strided b, std::int64_t first, std::int64_t columns,
                   std::int64_t depth, std::int64_t width, Workspace& room) {
  Word* scratch = room.at<Word>(Workspace::Part::panel, width * Pairs<kUnit>::depth(depth));
  return tap_panel(terms, b, first, columns, depth, width, scratch, room);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_PAIRS_INL_H_
