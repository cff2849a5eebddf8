// c[M, N] = a[M, K] b[K, N] + bias (product-inl.h), or row by row where there are few.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/few_rows-inl.h"
#include "wavenet/backend/cpu/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

void Gemm(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
          std::int64_t m, std::int64_t n, std::int64_t k) {
  if (b.column == 1 && m <= 4) {
    const auto run = m == 1   ? few_rows<1, 8>
                     : m == 2 ? few_rows<2, 4>
                     : m == 3 ? few_rows<3, 2>
                              : few_rows<4, 2>;
    return run(a, b, bias, addend, c, c_row, n, k);
  }
  product(Floats(), a, b, bias, addend, c, c_row, m, n, k);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Gemm);

void gemm(Strided a, Strided b, const float* bias, Rows addend, float* c, std::int64_t c_row,
          std::int64_t m, std::int64_t n, std::int64_t k) {
  HWY_DYNAMIC_DISPATCH(Gemm)(a, b, bias, addend, c, c_row, m, n, k);
}

}  // namespace wavenet::cpu
#endif
