// Rows of time times and plus others: one sweep a row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/modulate.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/sweep-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

void Modulate(Rows x, Rows scale, Rows shift, float* y, std::int64_t y_row, Size size) {
  for (std::int64_t i = 0; i < size.rows; ++i) {
    const float* from = x.data + i * x.row;
    const float* factor = scale.data + i * scale.row;
    const float* term = shift.data + i * shift.row;
    float* to = y + i * y_row;
    if (scale.data == nullptr && shift.data == nullptr) {
      sweep(size.columns, [=](auto load, auto store) { store(load(from), to); });
    } else if (scale.data == nullptr) {
      sweep(size.columns,
            [=](auto load, auto store) { store(hn::Add(load(from), load(term)), to); });
    } else if (shift.data == nullptr) {
      sweep(size.columns,
            [=](auto load, auto store) { store(hn::Mul(load(from), load(factor)), to); });
    } else {
      sweep(size.columns, [=](auto load, auto store) {
        store(hn::MulAdd(load(from), load(factor), load(term)), to);
      });
    }
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Modulate);

void modulate(Rows x, Rows scale, Rows shift, float* y, std::int64_t y_row, Size size) {
  HWY_DYNAMIC_DISPATCH(Modulate)(x, scale, shift, y, y_row, size);
}

}  // namespace wavenet::cpu
#endif
