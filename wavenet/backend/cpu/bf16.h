// Products of matrices and convolutions with operands rounded to bf16 and sums in f32: the kernels of
// kernels.h by the same names. The chains of a sum add the odd element of each pair first, then the even
// one (pairs-inl.h).
//
//   cpu::gemm_bf16({x, 64, 1}, {w, 32, 1}, nullptr, {}, y, 32, rows, 32, 64);
#pragma once

#include "wavenet/backend/cpu/kernels.h"

namespace wavenet::cpu {

void gemm_bf16(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
               std::int64_t m, std::int64_t n, std::int64_t k);
void causal_conv1d_bf16(const float* x, const float* weight, const float* bias, ConvAddend addend,
                        float* y, const ConvShape& shape);
void causal_conv1d_input_gradient_bf16(const float* dy, const float* weight, Out dx,
                                       const ConvShape& shape);
void causal_conv1d_weight_gradient_bf16(const float* x, const float* dy, Out dweight,
                                        const ConvShape& shape);

// Whether one instruction of this processor multiplies pairs, and faster than two on floats.
bool multiplies_pairs();

}  // namespace wavenet::cpu
