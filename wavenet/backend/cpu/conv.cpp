// The causal convolution: a product whose left rows are gathered from x, tap after tap, so nothing
// is copied and no row is computed twice.
//
//   y[r] = bias + sum over taps k of  x[source_k(r)] W_k        source_k(r): r moved back in its
//   own dx[r] += sum over k of  dy[target_k(r)] W_k^T               sequence; target_k(r): forward
//   dW_k += sum over r of  x[source_k(r)]^T dy[r]
//
// Where the past before a sequence repeats its first row, the rows near the start read that row
// too; its gradient gets their sum in one more small product.
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/conv.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// For each tap and row of a matrix, the address of the row that the tap reads, or zeros. Made once
// a call; the memory is kept.
class TapRows {
 public:
  // Of each row of y, x's rows.
  static TapRows of_input(const float* x, const ConvShape& s) {
    TapRows rows(s.rows(), s.width);
    const float* zero = zeros(s.in);
    rows.fill(s, s.from, [&](std::int64_t b, std::int64_t t, std::int64_t shift) {
      const float* sequence = x + b * s.length * s.in;
      return t >= shift ? sequence + (t - shift) * s.in : s.zero_padding ? zero : sequence;
    });
    return rows;
  }
  // Of each row of x, dy's rows that it went into, but for what repeats a first row.
  static TapRows of_output(const float* dy, const ConvShape& s) {
    TapRows rows(s.batch * s.length, s.width);
    const float* zero = zeros(s.out);
    rows.fill(s, 0, [&](std::int64_t b, std::int64_t t, std::int64_t shift) {
      const std::int64_t to = t + shift;
      const bool is_there = to >= s.from && to < s.length;
      return is_there ? dy + (b * (s.length - s.from) + to - s.from) * s.out : zero;
    });
    return rows;
  }
  const float* const* tap(std::int64_t k) const { return addresses_ + k * rows_; }

 private:
  TapRows(std::int64_t rows, std::int64_t taps) : rows_(rows), addresses_(scratch(rows * taps)) {}

  template <class Address>
  void fill(const ConvShape& s, std::int64_t first, const Address& address) {
    const float** to = addresses_;
    for (std::int64_t k = 0; k < s.width; ++k) {
      for (std::int64_t b = 0; b < s.batch; ++b) {
        for (std::int64_t t = first; t < s.length; ++t) {
          *to++ = address(b, t, (s.width - 1 - k) * s.dilation);
        }
      }
    }
  }

  static const float** scratch(std::int64_t count) {
    thread_local std::vector<const float*> kept;
    if (kept.size() < static_cast<std::size_t>(count)) {
      kept.resize(static_cast<std::size_t>(count));
    }
    return kept.data();
  }
  static const float* zeros(std::int64_t channels) {
    thread_local std::vector<float> kept;
    if (kept.size() < static_cast<std::size_t>(channels)) {
      kept.resize(static_cast<std::size_t>(channels));
    }
    return kept.data();
  }

  std::int64_t rows_;
  const float** addresses_;
};

// c[r] (+)= sum over taps of rows.tap(k)[r] b_k + bias, with b_k: [depth, n] at b.data + k * b_tap.
void gathered_product(const TapRows& rows, std::int64_t taps, std::int64_t m, Strided b,
                      std::int64_t b_tap, std::int64_t depth, std::int64_t n, const float* bias,
                      float* c, bool add) {
  const std::int64_t multiply_adds = m * n * depth * taps;
  for_each_panel(
      n, multiply_adds,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const std::int64_t size = width * depth;
        float* scratch = panel_scratch(size * taps);
        const float* bias_at = bias == nullptr ? nullptr : bias + j;
        const auto panel = [&](std::int64_t k) {
          return panel_of({b.data + k * b_tap, b.row, b.column}, j, columns, depth, width,
                          scratch + k * size);
        };
        const Panel first = panel(0);
        const std::int64_t step = first.data == scratch ? size : b_tap;  // from tap to tap
        for (std::int64_t k = 1; k < taps; ++k) {
          panel(k);
        }
        for_each_tile(m, [&]<std::int64_t kRows>(std::int64_t i) {
          Tile<Tag, kRows, kVectors> tile;
          tile.start(c + i * n + j, n);
          for (std::int64_t k = 0; k < taps; ++k) {
            tile.accumulate(GatheredRows{rows.tap(k) + i}, first.data + k * step, first.row, depth);
          }
          tile.store(c + i * n + j, n, columns, bias_at, add);
        });
      });
}

void CausalConv1d(const float* x, const float* weight, const float* bias, float* y,
                  const ConvShape& s) {
  gathered_product(TapRows::of_input(x, s), s.width, s.rows(), {weight, s.out, 1}, s.in * s.out,
                   s.in, s.out, bias, y, false);
}

// dx[b, 0] += (sum of dy[b, t] over the t whose tap k reads before the start) W_k^T.
void first_row_gradient(const float* dy, const float* weight, float* dx, const ConvShape& s) {
  std::vector<float> sums(static_cast<std::size_t>(s.batch * s.out));
  for (std::int64_t k = 0; k + 1 < s.width; ++k) {
    const std::int64_t before = std::min((s.width - 1 - k) * s.dilation, s.length);
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (std::int64_t b = 0; b < s.batch; ++b) {
      float* to = sums.data() + b * s.out;
      for (std::int64_t t = s.from; t < before; ++t) {
        const float* from = dy + (b * (s.length - s.from) + t - s.from) * s.out;
        for (std::int64_t c = 0; c < s.out; ++c) {
          to[c] += from[c];
        }
      }
    }
    const Strided transposed{weight + k * s.in * s.out, 1, s.out};
    gemm({sums.data(), s.out, 1}, transposed, nullptr, dx, s.length * s.in, s.batch, s.in, s.out,
         true);
  }
}

void CausalConv1dInputGradient(const float* dy, const float* weight, Out dx, const ConvShape& s) {
  gathered_product(TapRows::of_output(dy, s), s.width, s.batch * s.length, {weight, 1, s.out},
                   s.in * s.out, s.out, s.in, nullptr, dx.data, dx.add);
  if (!s.zero_padding) {
    first_row_gradient(dy, weight, dx.data, s);
  }
}

void CausalConv1dWeightGradient(const float* x, const float* dy, Out dweight, const ConvShape& s) {
  const TapRows rows = TapRows::of_input(x, s);
  const std::int64_t depth = s.rows();
  const std::int64_t multiply_adds = depth * s.width * s.in * s.out;
  for_each_panel(
      s.out, multiply_adds,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const Panel panel =
            panel_of({dy, s.out, 1}, j, columns, depth, width, panel_scratch(width * depth));
        for (std::int64_t k = 0; k < s.width; ++k) {
          for_each_tile(s.in, [&]<std::int64_t kRows>(std::int64_t i) {
            Tile<Tag, kRows, kVectors> tile;
            float* to = dweight.data + (k * s.in + i) * s.out + j;
            tile.start(to, s.out);
            tile.accumulate(GatheredColumns{rows.tap(k), i}, panel.data, panel.row, depth);
            tile.store(to, s.out, columns, nullptr, dweight.add);
          });
        }
      });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(CausalConv1d);
HWY_EXPORT(CausalConv1dInputGradient);
HWY_EXPORT(CausalConv1dWeightGradient);

void causal_conv1d(const float* x, const float* weight, const float* bias, float* y,
                   const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1d)(x, weight, bias, y, s);
}

void causal_conv1d_input_gradient(const float* dy, const float* weight, Out dx,
                                  const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1dInputGradient)(dy, weight, dx, s);
}

void causal_conv1d_weight_gradient(const float* x, const float* dy, Out dweight,
                                   const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1dWeightGradient)(x, dy, dweight, s);
}

}  // namespace wavenet::cpu
#endif
