// One more row of a gated block: the last tap of filter and gate, the gate, and both 1x1 layers as
// one product, each weight read once and in the order in which it stands.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/gated_step.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/few_rows-inl.h"
#include "wavenet/backend/cpu/gate-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// As many columns side by side as registers hold sums, so that whole rows of weights are read.
constexpr std::int64_t kRowVectors = HWY_TARGET <= HWY_AVX3 ? 12 : 8;

// c = a b + bias + addend, b and c in one piece but for c's rows.
void rows_product(Strided a, const float* b, const float* bias, Rows addend, float* c,
                  std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  if (m == 1) {
    return few_rows<1, kRowVectors>(a, {b, n, 1}, bias, addend, c, c_row, n, k);
  }
  wavenet::cpu::gemm(a, {b, n, 1}, bias, addend, c, c_row, m, n, k);
}

void GatedStep(const float* past, const GatedBlock& block, float* carry, std::int64_t row,
               std::int64_t to, std::int64_t n) {
  const std::int64_t channels = block.residual;
  const std::int64_t wide = 2 * channels;
  float* both = workspace().at<float>(Workspace::Part::sums, n * (wide + channels));  // [n, 2 R]
  float* z = both + n * wide;                                                         // [n, R]
  rows_product({carry, row, 1}, block.inner, nullptr, {past, wide}, both, wide, n, wide, channels);
  for (std::int64_t i = 0; i < n; ++i) {
    const float* filter = both + i * wide;
    float* gated = z + i * channels;
    sweep(channels, [=](auto load, auto store) {
      store(hn::Mul(quick_tanh(load(filter)), quick_sigmoid(load(filter + channels))), gated);
    });
  }
  rows_product({z, channels, 1}, block.outer, block.bias, {carry + to, row}, carry + to, row, n,
               block.out, channels);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(GatedStep);

void gated_step(const float* past, const GatedBlock& block, float* carry, std::int64_t row,
                std::int64_t to, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(GatedStep)(past, block, carry, row, to, n);
}

}  // namespace wavenet::cpu
#endif
