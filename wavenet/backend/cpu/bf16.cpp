// Products and convolutions whose operands are rounded to bf16 (pairs-inl.h): the same walks as those of
// floats, over words of two elements.
#include "wavenet/backend/cpu/bf16.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/bf16.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/amx_product-inl.h"
#include "wavenet/backend/cpu/conv-inl.h"
#include "wavenet/backend/cpu/conv_weights-inl.h"
#include "wavenet/backend/cpu/pairs-inl.h"
#include "wavenet/backend/cpu/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Runs of rows as words, one after the other, those of an odd length with a row of zeros behind; then
// more of these until there are `size` rows of words.
template <bool kRounds, class RowAt>
void pair_runs(std::span<const Run> runs, const RowAt& row_at, std::int64_t size,
               std::int64_t count, std::int64_t width, Word* to) {
  for (const Run& run : runs) {
    const std::int64_t words = words_for(run.count);
    pair_all_rows<kRounds>([&](std::int64_t p) { return row_at(run, p); }, run.count, words, count,
                           width, to);
    to += words * width;
    size -= words;
  }
  std::fill(to, to + size * width, 0);
}

// Operands of a weight's gradient as words: of x tap by tap, of dy for each panel anew.
template <Bf16Unit kUnit>
class WeightPanel<Pairs<kUnit>> {
  using Terms = Pairs<kUnit>;

 public:
  // The rows of x that each tap reads, as columns of its left matrix.
  static void prepare(const WeightOperands& of) {
    const std::int64_t count = of.s.in;
    const std::int64_t depth = most_words(of.s);
    Word* words = Terms::room_for(of.s.width * count, depth, of.room, Part::words);
    Word* turned = Terms::room_for(of.s.width * count, depth, of.room, Part::turned);
    for (std::int64_t k = 0; k < of.s.width; ++k) {
      const std::int64_t at = k * count * depth;
      pair_runs<Terms::kRounds>(
          runs_of(of.s, k, of.room),
          [&](const Run& run, std::int64_t p) { return of.x + (run.x + p) * count; }, depth, count,
          count, words + at);
      turn_columns<Terms>(words + at, count, depth, turned + at);
    }
  }

  WeightPanel(const WeightOperands& of, Workspace& room)
      : of_(of), room_(room), panel_(room.at<Word>(Part::panel, most_words(of.s) * of.width)) {}

  void begin_tap(std::int64_t k, std::span<const Run> runs) {
    const std::int64_t most = most_words(of_.s);
    const std::int64_t at = k * of_.s.in * most;
    left_ = left_of_columns<Terms>(of_.room.at<Word>(Part::words, 0) + at,
                                   of_.room.at<Word>(Part::turned, 0) + at, of_.s.in, most);
    depth_ = Terms::padded(words_of(runs));
    const bool as_before =
        runs.size() == 1 && runs[0].dy == packed_.dy && runs[0].count == packed_.count;
    if (!as_before) {
      pair_runs<Terms::kRounds>(
          runs,
          [&](const Run& run, std::int64_t p) { return of_.dy + (run.dy + p) * of_.s.out + of_.j; },
          depth_, of_.columns, of_.width, panel_);
      packed_ = runs.size() == 1 ? runs[0] : Run{};
    }
    if (of_.has_sums(k)) {
      begin_sums(k);
    }
  }
  std::int64_t depth() const { return depth_; }
  template <class AnyTile>
  HWY_INLINE void add_slab(std::int64_t first, std::int64_t end, std::int64_t i,
                           AnyTile& tile) const {
    add({left_.first + first * left_.column, left_.row, left_.column}, panel_ + first * of_.width,
        end - first, i, tile);
  }
  template <class AnyTile>
  HWY_INLINE void add_sums(std::int64_t i, AnyTile& tile) const {
    add(sums_left_, sums_panel_, Terms::depth(of_.s.sequences()), i, tile);
  }

 private:
  void begin_sums(std::int64_t k) {
    const std::int64_t count = of_.s.in;
    const std::int64_t sequences = of_.s.sequences();
    const std::int64_t depth = Terms::depth(sequences);
    const float* sums = of_.sums + k * sequences * of_.s.out + of_.j;
    const std::int64_t out = of_.s.out;
    sums_panel_ = room_.at<Word>(Part::sum_panel, depth * of_.width);
    pair_all_rows<Terms::kRounds>([&](std::int64_t b) { return sums + b * out; }, sequences, depth,
                                  of_.columns, of_.width, sums_panel_);
    Word* words = Terms::room_for(count, depth, room_, Part::sum_words);
    pair_all_rows<Terms::kRounds>([&](std::int64_t b) { return of_.first_rows[b]; }, sequences,
                                  depth, count, count, words);
    Word* turned = Terms::room_for(count, depth, room_, Part::sum_turned);
    turn_columns<Terms>(words, count, depth, turned);
    sums_left_ = left_of_columns<Terms>(words, turned, count, depth);
  }
  template <class AnyTile>
  HWY_INLINE void add(const StridedLeft<Terms>& left, const Word* panel, std::int64_t depth,
                      std::int64_t i, AnyTile& tile) const {
    tile.accumulate(StridedLeft<Terms>{left.first + i * left.row, left.row, left.column}, panel,
                    of_.width, depth);
  }
  static std::int64_t words_of(std::span<const Run> runs) {
    std::int64_t words = 0;
    for (const Run& run : runs) {
      words += words_for(run.count);
    }
    return words;
  }
  // No tap has more: each sequence is a run at most, whose rows may be odd in number.
  static std::int64_t most_words(const ConvShape& s) {
    return Terms::padded(s.rows() / 2 + s.sequences());
  }

  WeightOperands of_;
  Workspace& room_;
  StridedLeft<Terms> left_{};
  std::int64_t depth_ = 0;
  Word* panel_;
  Run packed_{};  // what the panel holds, if that is one run
  StridedLeft<Terms> sums_left_{};
  Word* sums_panel_ = nullptr;
};

// Calls run(terms) for what multiplies words here.
template <class Run>
void with_pairs(const Run& run) {
#if HWY_TARGET <= HWY_AVX3
  if (bf16_unit() == Bf16Unit::tiles) {
    const TileRegisters registers;
    return run(Pairs<Bf16Unit::tiles>());
  }
  if (bf16_unit() == Bf16Unit::pairs) {
    return run(Pairs<Bf16Unit::pairs>());
  }
#endif
  run(Pairs<Bf16Unit::floats>());
}

void GemmBf16(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
              std::int64_t m, std::int64_t n, std::int64_t k) {
  with_pairs([&](auto terms) { product(terms, a, b, bias, addend, c, c_row, m, n, k); });
}
void ConvBf16(const float* x, const float* weight, const float* bias, ConvAddend addend, float* y,
              const ConvShape& s) {
  with_pairs([&]<class Terms>(Terms) { conv<Terms>(x, weight, bias, addend, y, s); });
}
void ConvInputGradientBf16(const float* dy, const float* weight, Out dx, const ConvShape& s) {
  with_pairs([&]<class Terms>(Terms) { conv_input_gradient<Terms>(dy, weight, dx, s); });
}
void ConvWeightGradientBf16(const float* x, const float* dy, Out dweight, const ConvShape& s) {
  with_pairs([&]<class Terms>(Terms) { conv_weight_gradient<Terms>(x, dy, dweight, s); });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(GemmBf16);
HWY_EXPORT(ConvBf16);
HWY_EXPORT(ConvInputGradientBf16);
HWY_EXPORT(ConvWeightGradientBf16);

void gemm_bf16(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
               std::int64_t m, std::int64_t n, std::int64_t k) {
  HWY_DYNAMIC_DISPATCH(GemmBf16)(a, b, bias, addend, c, c_row, m, n, k);
}

void causal_conv1d_bf16(const float* x, const float* weight, const float* bias, ConvAddend addend,
                        float* y, const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvBf16)(x, weight, bias, addend, y, shape);
}

void causal_conv1d_input_gradient_bf16(const float* dy, const float* weight, Out dx,
                                       const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvInputGradientBf16)(dy, weight, dx, shape);
}

void causal_conv1d_weight_gradient_bf16(const float* x, const float* dy, Out dweight,
                                        const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvWeightGradientBf16)(x, dy, dweight, shape);
}

}  // namespace wavenet::cpu
#endif
