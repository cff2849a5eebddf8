// The SIMD kernels of the cpu backend: f32, contiguous rows, one source for every instruction set
// that Highway knows, chosen at run time.
#pragma once

#include <cstdint>
#include <span>

#include "wavenet/backend/backend.h"

namespace wavenet::cpu {

// Element (i, j) of a matrix stands at data[i * row + j * column].
struct Strided {
  const float* data;
  std::int64_t row;
  std::int64_t column;
};

// The elements of a row-major matrix, or of any tensor as rows of its last dimension.
struct Size {
  std::int64_t rows;
  std::int64_t columns;
};

// Token n stands at data[n * step].
struct Tokens {
  const std::int32_t* data;
  std::int64_t step;
  std::int32_t operator[](std::int64_t n) const { return data[n * step]; }
};

// Where a gradient is written: over what stands there, or added to it; null when nobody asks.
struct Out {
  float* data;
  bool add;
};

// Rows of floats side by side, `row` floats apart; null: none.
struct Rows {
  const float* data = nullptr;
  std::int64_t row = 0;
};
// Where the rows of a gradient are written, as Out says.
struct GradientRows {
  float* data = nullptr;
  std::int64_t row = 0;
  bool add = false;
  Out at(std::int64_t i) const { return {data == nullptr ? nullptr : data + i * row, add}; }
};

// c: [M, N], row-major with `c_row` floats from row to row; c = a b + bias + addend. `bias` may be
// null; `addend`, [M, N], may be none or c itself.
void gemm(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
          std::int64_t m, std::int64_t n, std::int64_t k);

// x: [B, T, Cin], weight: [K Cin, Cout], y: [B, T - from, Cout]; see Backend::causal_conv1d.
struct ConvShape {
  std::int64_t batch;
  std::int64_t length;
  std::int64_t in;
  std::int64_t out;
  std::int64_t width;
  std::int64_t dilation;
  bool zero_padding;
  std::int64_t from;                       // rows of y before it are left out
  std::span<const std::int64_t> starts{};  // of the sequences in one row of B; empty: B of them
  std::int64_t rows() const { return batch * (length - from); }  // of y
  std::int64_t sequences() const {
    return starts.empty() ? batch : static_cast<std::int64_t>(starts.size());
  }
};
// [B, T - from, Cout]: `batch` and `row` floats apart, or 0 where it repeats; null: none.
struct ConvAddend {
  const float* data = nullptr;
  std::int64_t batch = 0;
  std::int64_t row = 0;
};
void causal_conv1d(const float* x, const float* weight, const float* bias, ConvAddend addend,
                   float* y, const ConvShape& shape);
void causal_conv1d_input_gradient(const float* dy, const float* weight, Out dx,
                                  const ConvShape& shape);
void causal_conv1d_weight_gradient(const float* x, const float* dy, Out dweight,
                                   const ConvShape& shape);

// See Backend::mix_rows.
struct RowMix {
  Strided weight;           // [O, R]
  const void* const* rows;  // R rows of floats
  std::int64_t depth;       // R
  const float* bias;        // [O], or null
  Rows addend;              // [O, T], or none
  float* y;                 // [O, T], rows `y_row` floats apart
  std::int64_t y_row;
  std::int64_t out;      // O
  std::int64_t samples;  // T
};
void mix_rows(const RowMix& mix);
// See Backend::dot_rows.
struct RowDots {
  const void* const* left;  // rows of floats
  std::int64_t left_count;
  const void* const* right;
  std::int64_t right_count;
  std::int64_t samples;
  float* sums;  // [right_count, left_count], rows `row` floats apart
  std::int64_t row;
};
void dot_rows(const RowDots& dots);
// Rows that are written.
struct RowsOut {
  float* data = nullptr;
  std::int64_t row = 0;
};

// See Backend::activate and activate_backward; dx's rows are dx_row floats apart.
void activate(const Activation& activation, Rows x, RowsOut y, RowsOut total, Size size);
void activate_backward(const Activation& activation, Rows kept, Rows dy, float* dx,
                       std::int64_t dx_row, Size size);

// See Backend::modulate; scale and shift may be none.
void modulate(Rows x, Rows scale, Rows shift, float* y, std::int64_t y_row, Size size);
// See Backend::lstm.
struct LstmLayer {
  const float* weight;  // [I + H, 4 H]
  const float* bias;    // [4 H]
  std::int64_t in;      // I
  std::int64_t hidden;  // H
};
// hidden, cell: rows of 1 + samples floats, `hidden_row` and `cell_row` apart; room: [I + 6 H].
struct LstmStates {
  float* room;
  float* hidden;
  std::int64_t hidden_row;
  float* cell;
  std::int64_t cell_row;
};
void lstm(const LstmLayer& layer, Rows x, const LstmStates& states, std::int64_t samples);

void tanh(const float* x, float* y, Size size);
// dx: dy (1 - y^2)
void tanh_backward(const float* y, const float* dy, Out dx, Size size);
void relu(const float* x, float* y, Size size);
// dx: dy where y > 0
void relu_backward(const float* y, const float* dy, Out dx, Size size);
// y = a op b; op: + - * /
void binary(Binary op, const float* a, const float* b, float* y, std::int64_t count);
// y = scale x + shift
void affine(float scale, float shift, const float* x, float* y, std::int64_t count);
// x, y: [N, C]; every row of y is positive and sums to 1
void softmax(const float* x, float* y, std::int64_t n, std::int64_t channels);
void log_softmax(const float* x, float* y, std::int64_t n, std::int64_t channels);
// log_p: [N, V]; dlogits: scale (exp(log_p) - smoothing / V), less scale (1 - smoothing) at the
// target, for rows that have one
void cross_entropy_backward(const float* log_p, const std::int32_t* targets, double smoothing,
                            float scale, Out dlogits, std::int64_t n, std::int64_t vocabulary);
// Of [N, C]: t = tanh(a), s = sigmoid(b), y = t s
void gate(Rows a, Rows b, float* t, float* s, float* y, Size size);
// y, unless null: t s again
void gate_backward(const float* t, const float* s, const float* dy, GradientRows da,
                   GradientRows db, float* y, Size size);
// The last tap of filter and gate, and what reads their product; see Backend::gated_step.
struct GatedBlock {
  const float* inner;     // [R, 2 R]
  const float* outer;     // [R, C]
  const float* bias;      // [C]
  std::int64_t residual;  // R
  std::int64_t out;       // C
};
// past: [N, 2 R]; carry: N rows, `row` floats apart, x at their begin; `to` is the first of the
// columns that outer adds to.
void gated_step(const float* past, const GatedBlock& block, float* carry, std::int64_t row,
                std::int64_t to, std::int64_t n);
// See Backend::dropout.
void dropout(double p, std::uint64_t key, const float* x, float* y, std::int64_t count, bool add);
// y += scale x
void add_scaled(const float* x, float scale, float* y, std::int64_t count);
// x: [N, C]; y[c]: sum of x[n, c] over n
void sum_rows(const float* x, Out y, std::int64_t n, std::int64_t channels);
double sum_of_squares(const float* x, std::int64_t count);

// weight: [V, C] -> y: [N, C], added to it or not.
void embedding(const float* weight, Tokens tokens, Out y, Size size);
// dy: [N, C]; adds its rows to those of dweight: [V, C].
void embedding_backward(Tokens tokens, const float* dy, float* dweight, Size size);

// Sample t of signal n stands at data[n * row + t * step].
struct Signals {
  const float* data;
  std::int64_t row;
  std::int64_t step;
};
struct SignalsOut {
  float* data;
  std::int64_t row;
  std::int64_t step;
};
// See Backend; `spectra` may be null.
void spectral_magnitudes(Signals x, const StftGroups& groups, float* magnitudes);
SpectralSums spectral_distance(Signals x, const float* magnitudes, const StftGroups& groups,
                               float* spectra);
// Adds to dx.
void spectral_distance_backward(const float* spectra, const float* magnitudes,
                                const StftGroups& groups, float difference, float logarithm,
                                SignalsOut dx);

// p -= rate g
void sgd_step(const float* g, float rate, float* p, Size size);
void adamw_step(const float* g, const AdamWStep& how, float* m, float* v, float* p, Size size);
// average = decay average + (1 - decay) p
void ema_step(const float* p, float decay, float* average, Size size);

// x, y: [N, C]; see Backend::batch_norm.
void batch_norm(const float* x, const float* weight, const float* bias, double eps, float* y,
                float* mean, float* variance, std::int64_t n, std::int64_t channels);
void batch_norm_backward(const float* x, const float* weight, const float* mean,
                         const float* variance, double eps, const float* dy, Out dx, Out dweight,
                         Out dbias, std::int64_t n, std::int64_t channels);

}  // namespace wavenet::cpu
