// The other tile that products are made of: AMX's registers, of 16 rows of 16 words, each word a pair of
// bf16 (pairs-inl.h).
//
//                       16 words deep:  [tmm6][tmm7]  <- panel of b, 16 columns each
//                                         |     |
//   rows 0 to 15 of a:   [tmm4] ------> [tmm0][tmm1]
//   rows 16 to 31:       [tmm5] ------> [tmm2][tmm3]  sums
//
//   sum(i, j) += 32 products: (a0 b0 + a2 b2 + ... + a30 b30) + (a1 b1 + a3 b3 + ... + a31 b31)
//
// One instruction does that for 16 x 16 sums in 16 cycles. Each bracket is a chain of multiply-adds from
// +0; subnormals count as 0 and become 0. The bits of a sum depend on where its depth is cut by 32, and
// not on the tile. The instructions are given by asm, as Highway has no such target; each says that it
// touches memory, as what it reads and writes is not among its operands.
#if defined(WAVENET_BACKEND_CPU_AMX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_AMX_INL_H_
#undef WAVENET_BACKEND_CPU_AMX_INL_H_
#else
#define WAVENET_BACKEND_CPU_AMX_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "hwy/highway.h"
#include "wavenet/backend/cpu/gemm-inl.h"
#include "wavenet/backend/cpu/pairs-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

#if HWY_TARGET <= HWY_AVX3
// While one lives, the eight registers of this thread have 16 rows of 64 bytes. A thread may make more
// than one, of which the first configures them: that takes as long as a dozen multiplications.
class TileRegisters {
 public:
  TileRegisters() : configures_(!configured()) {
    if (configures_) {
      static constexpr Layout kLayout;
      asm volatile("ldtilecfg %0" : : "m"(kLayout) : "memory");
      configured() = true;
    }
  }
  ~TileRegisters() {
    if (configures_) {
      asm volatile("tilerelease" : : : "memory");
      configured() = false;
    }
  }
  TileRegisters(const TileRegisters&) = delete;
  TileRegisters& operator=(const TileRegisters&) = delete;

 private:
  struct alignas(64) Layout {
    std::uint8_t palette = 1;
    std::uint8_t start_row = 0;
    std::uint8_t reserved[14] = {};
    std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  };
  static bool& configured() {
    static thread_local bool is = false;
    return is;
  }
  bool configures_;
};

// `row`: from row to row, in floats or words.
template <int kTile>
HWY_INLINE void load_tile(const void* from, std::int64_t row) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(row * 4), "i"(kTile) : "memory");
}
template <int kTile>
HWY_INLINE void store_tile(void* to, std::int64_t row) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(row * 4), "i"(kTile) : "memory");
}
template <int kTile>
HWY_INLINE void clear_tile() {
  asm volatile("tilezero %%tmm%c0" : : "i"(kTile) : "memory");
}
template <int kSum, int kA, int kB>
HWY_INLINE void multiply_tiles() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(kSum), "i"(kA), "i"(kB) : "memory");
}

// Sums of up to 32 rows and kVectors x 16 columns, used as Tile of gemm-inl.h is. One at a time lives on
// a thread.
template <std::int64_t kVectors>
class AmxTile {
 public:
  static constexpr std::int64_t kRows = 32;
  explicit AmxTile(std::int64_t rows) : rows_(rows) {}

  template <class To>
  HWY_INLINE void start(const To&) {
    for_each_register([]<int kSum>(std::int64_t, std::int64_t) { clear_tile<kSum>(); });
  }
  // Asking for lines ahead costs more here than it saves.
  template <class At>
  static HWY_INLINE void ask_for(const At&) {}

  HWY_INLINE void resume(const float* const* rows, std::int64_t column, std::int64_t columns) {
    HWY_ALIGN float sums[kRows * kWidth];
    for (std::int64_t i = 0; i < rows_; ++i) {
      std::copy_n(rows[i] + column, columns, sums + i * kWidth);
    }
    go_on(StridedTo{sums, kWidth});
  }
  HWY_INLINE void go_on(const StridedTo& place) {
    for_each_register([&]<int kSum>(std::int64_t i, std::int64_t j) {
      load_tile<kSum>(place.at(i) + j, place.row);
    });
  }
  HWY_INLINE void keep(const StridedTo& place) const {
    for_each_register([&]<int kSum>(std::int64_t i, std::int64_t j) {
      store_tile<kSum>(place.at(i) + j, place.row);
    });
  }

  using Terms = Pairs<Bf16Unit::tiles>;
  HWY_INLINE void accumulate(const StridedLeft<Terms>& left, const Word* b, std::int64_t b_row,
                             std::int64_t depth) {
    for (std::int64_t p = 0; p < depth; p += kTileWords) {
      add(left.first + p, left.row, b + p * b_row, b_row);
    }
  }
  // Where the rows do not stand at equal distances, they are brought together. They never go back.
  HWY_INLINE void accumulate(const GatheredRows<Terms>& left, const Word* b, std::int64_t b_row,
                             std::int64_t depth) {
    if (left.rows[rows_ - 1] - left.rows[0] == (rows_ - 1) * depth) {
      return accumulate(StridedLeft<Terms>{left.rows[0], depth, 1}, b, b_row, depth);
    }
    HWY_ALIGN Word words[kRows * kTileWords];
    for (std::int64_t p = 0; p < depth; p += kTileWords) {
      for (std::int64_t i = 0; i < rows_; ++i) {
        std::copy_n(left.rows[i] + p, kTileWords, words + i * kTileWords);
      }
      add(words, kTileWords, b + p * b_row, b_row);
    }
  }

  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias, Rows addend) const {
    const auto from = [=](std::int64_t i) { return addend.data + i * addend.row; };
    store_sum(to, columns, bias, addend.data != nullptr, from);
  }
  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias,
                        const float* const* rows, std::int64_t column) const {
    store_sum(to, columns, bias, true, [&](std::int64_t i) { return rows[i] + column; });
  }
  template <class To>
  HWY_INLINE void store(const To& to, std::int64_t columns, const float* bias, bool add) const {
    store_sum(to, columns, bias, add, [&](std::int64_t i) { return to.at(i); });
  }

 private:
  static constexpr std::int64_t kWidth = kVectors * 16;

  // Calls each.operator()<register>(first row, first column) for the sums that have rows.
  template <class Each>
  HWY_INLINE void for_each_register(const Each& each) const {
    each.template operator()<0>(0, 0);
    if constexpr (kVectors == 2) {
      each.template operator()<1>(0, 16);
    }
    if (rows_ > 16) {
      each.template operator()<2>(16, 0);
      if constexpr (kVectors == 2) {
        each.template operator()<3>(16, 16);
      }
    }
  }

  // Adds what 16 words of each row give.
  HWY_INLINE void add(const Word* a, std::int64_t a_row, const Word* b, std::int64_t b_row) {
    load_tile<4>(a, a_row);
    load_tile<6>(b, b_row);
    multiply_tiles<0, 4, 6>();
    if constexpr (kVectors == 2) {
      load_tile<7>(b + 16, b_row);
      multiply_tiles<1, 4, 7>();
    }
    if (rows_ > 16) {
      load_tile<5>(a + 16 * a_row, a_row);
      multiply_tiles<2, 5, 6>();
      if constexpr (kVectors == 2) {
        multiply_tiles<3, 5, 7>();
      }
    }
  }

  template <class To, class From>
  HWY_INLINE void store_sum(const To& to, std::int64_t columns, const float* bias, bool adds,
                            const From& from) const {
    const bool full = columns == kWidth;
    if constexpr (std::is_same_v<To, StridedTo>) {
      if (full && rows_ == kRows && bias == nullptr && !adds) {
        return keep(to);
      }
    }
    const auto store = full ? (adds ? &AmxTile::store_rows<true, true, To, From>
                                    : &AmxTile::store_rows<true, false, To, From>)
                            : (adds ? &AmxTile::store_rows<false, true, To, From>
                                    : &AmxTile::store_rows<false, false, To, From>);
    (this->*store)(to, columns, bias, from);
  }

  template <bool kFull, bool kAdds, class To, class From>
  void store_rows(const To& to, std::int64_t columns, const float* bias, const From& from) const {
    constexpr D d;
    const auto in_last = hn::FirstN(d, static_cast<std::size_t>(columns - (kVectors - 1) * 16));
    const auto load = [&](const float* at, std::int64_t v) {
      return kFull || v + 1 < kVectors ? hn::LoadU(d, at + 16 * v)
                                       : hn::MaskedLoad(in_last, d, at + 16 * v);
    };
    HWY_ALIGN float sums[kRows * kWidth];
    keep(StridedTo{sums, kWidth});
    V shift[kVectors];
    for (std::int64_t v = 0; v < kVectors; ++v) {
      shift[v] = bias == nullptr ? hn::Zero(d) : load(bias, v);
    }
    for (std::int64_t i = 0; i < rows_; ++i) {
      float* row = to.at(i);
      for (std::int64_t v = 0; v < kVectors; ++v) {
        V value = hn::Add(hn::Load(d, sums + i * kWidth + 16 * v), shift[v]);
        if constexpr (kAdds) {
          value = hn::Add(load(from(i), v), value);
        }
        if (kFull || v + 1 < kVectors) {
          hn::StoreU(value, d, row + 16 * v);
        } else {
          hn::BlendedStore(value, in_last, d, row + 16 * v);
        }
      }
    }
  }

  std::int64_t rows_;
};

// As in gemm-inl.h, of 32 rows but for the last.
template <class Tag, std::int64_t kVectors, class Run>
HWY_INLINE void for_each_tile(Pairs<Bf16Unit::tiles>, std::int64_t m, const Run& run) {
  const TileRegisters registers;
  constexpr std::int64_t kRows = AmxTile<kVectors>::kRows;
  for (std::int64_t first = 0; first < m; first += kRows) {
    run.template operator()<AmxTile<kVectors>>(first, std::min(kRows, m - first));
  }
}

#endif  // HWY_TARGET <= HWY_AVX3

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_AMX_INL_H_
