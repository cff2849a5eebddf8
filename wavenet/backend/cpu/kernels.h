// The SIMD kernels of the cpu backend: f32, contiguous rows, one source for every instruction set
// that Highway knows, chosen at run time.
#pragma once

#include <cstdint>

namespace wavenet::cpu {

// Element (i, j) of a matrix stands at data[i * row + j * column].
struct Strided {
  const float* data;
  std::int64_t row;
  std::int64_t column;
};

// c: [M, N], row-major with `c_row` floats from row to row; c = a b, or c += a b.
void gemm(Strided a, Strided b, float* c, std::int64_t c_row, std::int64_t m, std::int64_t n,
          std::int64_t k, bool add);

void tanh(const float* x, float* y, std::int64_t count);
// dx += dy (1 - y^2)
void tanh_backward(const float* y, const float* dy, float* dx, std::int64_t count);
// y += scale x
void add_scaled(const float* x, float scale, float* y, std::int64_t count);

// x, y: [N, C]; see Backend::batch_norm.
void batch_norm(const float* x, const float* weight, const float* bias, double eps, float* y,
                float* mean, float* variance, std::int64_t n, std::int64_t channels);
// dx, dweight, dbias may be null.
void batch_norm_backward(const float* x, const float* weight, const float* mean,
                         const float* variance, double eps, const float* dy, float* dx,
                         float* dweight, float* dbias, std::int64_t n, std::int64_t channels);

}  // namespace wavenet::cpu
