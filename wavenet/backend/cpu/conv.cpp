// The causal convolution of floats (conv-inl.h, conv_weights-inl.h).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/conv.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/conv-inl.h"
#include "wavenet/backend/cpu/conv_weights-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

void CausalConv1d(const float* x, const float* weight, const float* bias, ConvAddend addend,
                  float* y, const ConvShape& s) {
  conv<Floats>(x, weight, bias, addend, y, s);
}
void CausalConv1dInputGradient(const float* dy, const float* weight, Out dx, const ConvShape& s) {
  conv_input_gradient<Floats>(dy, weight, dx, s);
}
void CausalConv1dWeightGradient(const float* x, const float* dy, Out dweight, const ConvShape& s) {
  conv_weight_gradient<Floats>(x, dy, dweight, s);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(CausalConv1d);
HWY_EXPORT(CausalConv1dInputGradient);
HWY_EXPORT(CausalConv1dWeightGradient);

void causal_conv1d(const float* x, const float* weight, const float* bias, ConvAddend addend,
                   float* y, const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1d)(x, weight, bias, addend, y, s);
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
