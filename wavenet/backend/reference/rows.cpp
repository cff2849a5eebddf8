// Rows of time: their inner products and activations.
#include <cmath>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"
#include "wavenet/backend/reference/sigmoid.h"
#include "wavenet/backend/reference/walk.h"

namespace wavenet {

using reference::Matrix;
using reference::sigmoid;
using reference::walk;

namespace {

template <class T>
T bent(const Activation& a, T x) {
  const T below = static_cast<T>(a.slope_below);
  const T above = static_cast<T>(a.slope_above);
  const T least = static_cast<T>(a.least);
  const T most = static_cast<T>(a.most);
  switch (a.curve) {
    case Curve::tanh:
      return std::tanh(x);
    case Curve::sigmoid:
      return sigmoid(x);
    case Curve::softsign:
      return x / (T(1) + std::abs(x));
    case Curve::leaky:
      return x < T(0) ? below * x : x;
    case Curve::bounded:
      return x < least ? least + below * (x - least) : x > most ? most + above * (x - most) : x;
    case Curve::silu:
      return x * sigmoid(x);
    case Curve::hard_swish:
      return x <= T(-3) ? T(0) : x >= T(3) ? x : x * (x + T(3)) / T(6);
  }
  return x;
}

// `kept`: the result or what was bent, as slope_is_in_result says.
template <class T>
T slope(const Activation& a, T kept) {
  const T below = static_cast<T>(a.slope_below);
  switch (a.curve) {
    case Curve::tanh:
      return T(1) - kept * kept;
    case Curve::sigmoid:
      return kept * (T(1) - kept);
    case Curve::softsign:
      return (T(1) - std::abs(kept)) * (T(1) - std::abs(kept));
    case Curve::leaky:
      return kept > T(0) ? T(1) : below;
    case Curve::bounded:
      return kept <= static_cast<T>(a.least)  ? below
             : kept >= static_cast<T>(a.most) ? static_cast<T>(a.slope_above)
                                              : T(1);
    case Curve::silu:
      return sigmoid(kept) * (T(1) + kept * (T(1) - sigmoid(kept)));
    case Curve::hard_swish:
      return kept <= T(-3) ? T(0) : kept >= T(3) ? T(1) : kept / T(3) + T(0.5);
  }
  return T(1);
}

}  // namespace

void ReferenceBackend::activate(const Activation& activation, const View& x, const View& y,
                                const View& total) {
  dispatch_float(y.dtype, [&]<class T>() {
    walk<T, 2>({&x, &y}, [&](T& from, T& to) { to = bent(activation, from); });
    if (total.data != nullptr) {
      walk<T, 2>({&y, &total}, [&](T& term, T& to) { to += term; });
    }
  });
}

void ReferenceBackend::activate_backward(const Activation& activation, const View& kept,
                                         const View& dy, const View& dx) {
  dispatch_float(dx.dtype, [&]<class T>() {
    walk<T, 3>({&kept, &dy, &dx},
               [&](T& known, T& gradient, T& to) { to = gradient * slope(activation, known); });
  });
}

void ReferenceBackend::dot_rows(std::span<const void* const> left,
                                std::span<const void* const> right, std::int64_t samples,
                                const View& sums) {
  dispatch_float(sums.dtype, [&]<class T>() {
    const Matrix<T> to(sums);
    for (std::size_t r = 0; r < right.size(); ++r) {
      for (std::size_t l = 0; l < left.size(); ++l) {
        T total = T(0);
        for (std::int64_t t = 0; t < samples; ++t) {
          total += static_cast<const T*>(left[l])[t] * static_cast<const T*>(right[r])[t];
        }
        to(static_cast<std::int64_t>(r), static_cast<std::int64_t>(l)) += total;
      }
    }
  });
}

}  // namespace wavenet
