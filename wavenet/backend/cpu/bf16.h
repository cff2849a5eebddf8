// Products of matrices and convolutions with operands rounded to bf16 and sums in f32: the kernels of
// kernels.h by the same names. In which order a sum adds its products is its unit's affair (pairs-inl.h,
// amx-inl.h): floats and pairs leave the same bits, tiles others.
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

// What multiplies: two multiply-adds of floats, one vdpbf16ps of pairs, or the tiles of AMX.
enum class Bf16Unit { floats, pairs, tiles };

// Whether this processor has it and the system lets this process use it, which is asked once.
bool has(Bf16Unit unit);
// The one that the kernels use: the fastest here, unless a test chooses another. Where the best
// instruction set is hidden from Highway, floats do the work.
Bf16Unit bf16_unit();
void use_bf16_unit(Bf16Unit unit);

}  // namespace wavenet::cpu
