// Products and convolutions whose operands are rounded to bf16 (pairs-inl.h): the same walks as those of
// floats, over words of two elements.
#include "wavenet/backend/cpu/bf16.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/bf16.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/conv-inl.h"
#include "wavenet/backend/cpu/conv_weights-inl.h"
#include "wavenet/backend/cpu/pairs-inl.h"
#include "wavenet/backend/cpu/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Runs of rows as words, one after the other, those of an odd length with a row of zeros behind.
template <bool kInstruction, class RowAt>
void pair_runs(std::span<const Run> runs, const RowAt& row_at, std::int64_t count,
               std::int64_t width, Word* to) {
  for (const Run& run : runs) {
    pair_all_rows<kInstruction>([&](std::int64_t p) { return row_at(run, p); }, run.count, count,
                                width, to);
    to += words_for(run.count) * width;
  }
}

// Operands of a weight's gradient as words: of x tap by tap, of dy for each panel anew.
template <bool kInstruction>
class WeightPanel<Pairs<kInstruction>> {
 public:
  // The rows of x that each tap reads, [words of a tap, Cin].
  static void prepare(const WeightOperands& of) {
    Word* to = of.room.at<Word>(Part::words, of.s.width * most_words(of.s) * of.s.in);
    for (std::int64_t k = 0; k < of.s.width; ++k) {
      pair_runs<kInstruction>(
          runs_of(of.s, k, of.room),
          [&](const Run& run, std::int64_t p) { return of.x + (run.x + p) * of.s.in; }, of.s.in,
          of.s.in, to + k * most_words(of.s) * of.s.in);
    }
  }

  WeightPanel(const WeightOperands& of, Workspace& room)
      : of_(of), room_(room), panel_(room.at<Word>(Part::panel, most_words(of.s) * of.width)) {}

  void begin_tap(std::int64_t k, std::span<const Run> runs) {
    runs_ = runs;
    left_ = of_.room.at<Word>(Part::words, 0) + k * most_words(of_.s) * of_.s.in;
    const bool as_before =
        runs.size() == 1 && runs[0].dy == packed_.dy && runs[0].count == packed_.count;
    if (!as_before) {
      pair_runs<kInstruction>(
          runs,
          [&](const Run& run, std::int64_t p) { return of_.dy + (run.dy + p) * of_.s.out + of_.j; },
          of_.columns, of_.width, panel_);
      packed_ = runs.size() == 1 ? runs[0] : Run{};
    }
    const std::int64_t depth = of_.s.sequences();
    if (of_.has_sums(k)) {
      Word* panel = room_.at<Word>(Part::more_words, words_for(depth) * (of_.width + of_.s.in));
      const float* sums = of_.sums + k * depth * of_.s.out + of_.j;
      const std::int64_t out = of_.s.out;
      pair_all_rows<kInstruction>([&](std::int64_t b) { return sums + b * out; }, depth,
                                  of_.columns, of_.width, panel);
      Word* left = panel + words_for(depth) * of_.width;
      pair_all_rows<kInstruction>([&](std::int64_t b) { return of_.first_rows[b]; }, depth,
                                  of_.s.in, of_.s.in, left);
      sums_left_ = left;
      sums_panel_ = panel;
    }
  }
  std::int64_t depth() const { return words_of(runs_); }
  template <class AnyTile>
  HWY_INLINE void add_slab(std::int64_t first, std::int64_t end, std::int64_t i,
                           AnyTile& tile) const {
    add(left_ + first * of_.s.in, panel_ + first * of_.width, end - first, i, tile);
  }
  template <class AnyTile>
  HWY_INLINE void add_sums(std::int64_t i, AnyTile& tile) const {
    add(sums_left_, sums_panel_, words_for(of_.s.sequences()), i, tile);
  }

 private:
  template <class AnyTile>
  HWY_INLINE void add(const Word* left, const Word* panel, std::int64_t depth, std::int64_t i,
                      AnyTile& tile) const {
    tile.accumulate(StridedLeft<Pairs<kInstruction>>{left + i, 1, of_.s.in}, panel, of_.width,
                    depth);
  }
  static std::int64_t words_of(std::span<const Run> runs) {
    std::int64_t words = 0;
    for (const Run& run : runs) {
      words += words_for(run.count);
    }
    return words;
  }
  // No tap has more: each sequence is a run at most, whose rows may be odd in number.
  static std::int64_t most_words(const ConvShape& s) { return s.rows() / 2 + s.sequences(); }

  WeightOperands of_;
  Workspace& room_;
  std::span<const Run> runs_;
  const Word* left_ = nullptr;
  Word* panel_;
  Run packed_{};  // what the panel holds, if that is one run
  const Word* sums_left_ = nullptr;
  const Word* sums_panel_ = nullptr;
};

// Calls run(terms) for what this machine multiplies words by.
template <class Run>
void with_pairs(bool instruction, const Run& run) {
  if constexpr (kMayHavePairs) {
    if (instruction) {
      return run(Pairs<true>());
    }
  }
  run(Pairs<false>());
}

void GemmBf16(bool instruction, Strided a, Strided b, const float* bias, Rows addend, float* c,
              std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  with_pairs(instruction,
             [&]<class Terms>(Terms) { product<Terms>(a, b, bias, addend, c, c_row, m, n, k); });
}
void ConvBf16(bool instruction, const float* x, const float* weight, const float* bias,
              ConvAddend addend, float* y, const ConvShape& s) {
  with_pairs(instruction, [&]<class Terms>(Terms) { conv<Terms>(x, weight, bias, addend, y, s); });
}
void ConvInputGradientBf16(bool instruction, const float* dy, const float* weight, Out dx,
                           const ConvShape& s) {
  with_pairs(instruction,
             [&]<class Terms>(Terms) { conv_input_gradient<Terms>(dy, weight, dx, s); });
}
void ConvWeightGradientBf16(bool instruction, const float* x, const float* dy, Out dweight,
                            const ConvShape& s) {
  with_pairs(instruction,
             [&]<class Terms>(Terms) { conv_weight_gradient<Terms>(x, dy, dweight, s); });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(GemmBf16);
HWY_EXPORT(ConvBf16);
HWY_EXPORT(ConvInputGradientBf16);
HWY_EXPORT(ConvWeightGradientBf16);

// On Intel's processors it takes as long as four multiply-adds of floats, so two do its work.
bool multiplies_pairs() {
  static const bool is_fast = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_is("amd");
  return is_fast;
}

void gemm_bf16(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
               std::int64_t m, std::int64_t n, std::int64_t k) {
  HWY_DYNAMIC_DISPATCH(GemmBf16)
  (multiplies_pairs(), a, b, bias, addend, c, c_row, m, n, k);
}

void causal_conv1d_bf16(const float* x, const float* weight, const float* bias, ConvAddend addend,
                        float* y, const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvBf16)(multiplies_pairs(), x, weight, bias, addend, y, shape);
}

void causal_conv1d_input_gradient_bf16(const float* dy, const float* weight, Out dx,
                                       const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvInputGradientBf16)(multiplies_pairs(), dy, weight, dx, shape);
}

void causal_conv1d_weight_gradient_bf16(const float* x, const float* dy, Out dweight,
                                        const ConvShape& shape) {
  HWY_DYNAMIC_DISPATCH(ConvWeightGradientBf16)(multiplies_pairs(), x, dy, dweight, shape);
}

}  // namespace wavenet::cpu
#endif
