// Activations of rows of time, and their gradients: one sweep a row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/activate.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/gate-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

HWY_INLINE V constant(double value) { return hn::Set(D(), static_cast<float>(value)); }

// Calls each(bend, slope) for the activation: bend(x) is what it gives, slope(kept) its slope, told by
// the result or by x as slope_is_in_result says. Comparisons are false for NaN, which goes through.
template <class Each>
HWY_INLINE void with_curve(const Activation& a, const Each& each) {
  const V zero = hn::Zero(D());
  const V one = constant(1);
  const V below = constant(a.slope_below);
  switch (a.curve) {
    case Curve::tanh:
      return each([](V x) { return quick_tanh(x); }, [=](V y) { return hn::NegMulAdd(y, y, one); });
    case Curve::sigmoid:
      return each([](V x) { return quick_sigmoid(x); },
                  [=](V y) { return hn::NegMulAdd(y, y, y); });
    case Curve::softsign:
      return each([=](V x) { return hn::Div(x, hn::Add(one, hn::Abs(x))); },
                  [=](V y) {
                    const V rest = hn::Sub(one, hn::Abs(y));
                    return hn::Mul(rest, rest);
                  });
    case Curve::leaky:
      return each([=](V x) { return hn::IfThenElse(hn::Lt(x, zero), hn::Mul(x, below), x); },
                  [=](V kept) { return hn::IfThenElse(hn::Gt(kept, zero), one, below); });
    case Curve::bounded: {
      const V above = constant(a.slope_above);
      const V least = constant(a.least);
      const V most = constant(a.most);
      return each(
          [=](V x) {
            const V low = hn::MulAdd(hn::Sub(x, least), below, least);
            const V high = hn::MulAdd(hn::Sub(x, most), above, most);
            return hn::IfThenElse(hn::Lt(x, least), low, hn::IfThenElse(hn::Gt(x, most), high, x));
          },
          [=](V kept) {
            return hn::IfThenElse(hn::Le(kept, least), below,
                                  hn::IfThenElse(hn::Ge(kept, most), above, one));
          });
    }
    case Curve::silu:
      return each([](V x) { return hn::Mul(x, quick_sigmoid(x)); },
                  [=](V x) {
                    const V open = quick_sigmoid(x);
                    return hn::Mul(open, hn::MulAdd(x, hn::Sub(one, open), one));
                  });
    case Curve::hard_swish: {
      const V three = constant(3);
      const V sixth = constant(1.0 / 6);
      return each(
          [=](V x) {
            const V part = hn::Mul(hn::Mul(x, hn::Add(x, three)), sixth);
            return hn::IfThenElse(hn::Le(x, hn::Neg(three)), zero,
                                  hn::IfThenElse(hn::Ge(x, three), x, part));
          },
          [=](V x) {
            const V part = hn::MulAdd(x, hn::Add(sixth, sixth), constant(0.5));
            return hn::IfThenElse(hn::Le(x, hn::Neg(three)), zero,
                                  hn::IfThenElse(hn::Ge(x, three), one, part));
          });
    }
  }
}

void Activate(const Activation& activation, Rows x, RowsOut y, RowsOut total, Size size) {
  with_curve(activation, [&](auto bend, auto) {
    for (std::int64_t i = 0; i < size.rows; ++i) {
      const float* from = x.data + i * x.row;
      float* to = y.data + i * y.row;
      if (total.data == nullptr) {
        sweep(size.columns, [=](auto load, auto store) { store(bend(load(from)), to); });
        continue;
      }
      float* sum = total.data + i * total.row;
      sweep(size.columns, [=](auto load, auto store) {
        const V bent = bend(load(from));
        store(bent, to);
        store(hn::Add(load(sum), bent), sum);
      });
    }
  });
}

void ActivateBackward(const Activation& activation, Rows kept, Rows dy, float* dx,
                      std::int64_t dx_row, Size size) {
  with_curve(activation, [&](auto, auto slope) {
    for (std::int64_t i = 0; i < size.rows; ++i) {
      const float* from = kept.data + i * kept.row;
      const float* gradient = dy.data + i * dy.row;
      float* to = dx + i * dx_row;
      sweep(size.columns,
            [=](auto load, auto store) { store(hn::Mul(load(gradient), slope(load(from))), to); });
    }
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Activate);
HWY_EXPORT(ActivateBackward);

void activate(const Activation& activation, Rows x, RowsOut y, RowsOut total, Size size) {
  HWY_DYNAMIC_DISPATCH(Activate)(activation, x, y, total, size);
}

void activate_backward(const Activation& activation, Rows kept, Rows dy, float* dx,
                       std::int64_t dx_row, Size size) {
  HWY_DYNAMIC_DISPATCH(ActivateBackward)(activation, kept, dy, dx, dx_row, size);
}

}  // namespace wavenet::cpu
#endif
