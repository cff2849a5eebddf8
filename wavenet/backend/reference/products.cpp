// Matrix product, sums of rows, causal convolution, one row of a gated block.
#include <algorithm>
#include <cmath>
#include <vector>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"

namespace wavenet {

using reference::at;
using reference::Matrix;

void ReferenceBackend::gemm(const View& a, const View& b, const View& c, Into into,
                            const View& bias, const View& addend) {
  if (addend.data != nullptr) {
    ReferenceBackend::copy(addend, c);
    into = Into::add;
  }
  dispatch_float(c.dtype, [&]<class T>() {
    const Matrix<T> left(a);
    const Matrix<T> right(b);
    const Matrix<T> to(c);
    for (std::int64_t i = 0; i < to.rows; ++i) {
      for (std::int64_t j = 0; j < to.columns; ++j) {
        T total = 0;
        for (std::int64_t k = 0; k < left.columns; ++k) {
          total += left(i, k) * right(k, j);
        }
        total += bias.data == nullptr ? T(0) : at<T>(bias, j);
        to(i, j) = into == Into::add ? to(i, j) + total : total;
      }
    }
  });
}

void ReferenceBackend::mix_rows(const View& weight, std::span<const void* const> rows,
                                const View& bias, const View& addend, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    const Matrix<T> w(weight);
    const Matrix<T> to(y);
    for (std::int64_t o = 0; o < to.rows; ++o) {
      for (std::int64_t t = 0; t < to.columns; ++t) {
        T total = addend.data == nullptr ? T(0) : Matrix<T>(addend)(o, t);
        total += bias.data == nullptr ? T(0) : at<T>(bias, o);
        for (std::size_t r = 0; r < rows.size(); ++r) {
          total += w(o, static_cast<std::int64_t>(r)) * static_cast<const T*>(rows[r])[t];
        }
        to(o, t) = total;
      }
    }
  });
}

void ReferenceBackend::gated_step(const View& past, const View& inner, const View& outer,
                                  const View& bias, const View& carry) {
  dispatch_float(carry.dtype, [&]<class T>() {
    const Matrix<T> before(past);
    const Matrix<T> tap(inner);
    const Matrix<T> out(outer);
    const Matrix<T> row(carry);
    std::vector<T> z(static_cast<std::size_t>(tap.rows));
    for (std::int64_t n = 0; n < row.rows; ++n) {
      const auto before_activation = [&](std::int64_t c) {
        T total = 0;
        for (std::int64_t k = 0; k < tap.rows; ++k) {
          total += row(n, k) * tap(k, c);
        }
        return before(n, c) + total;
      };
      for (std::int64_t r = 0; r < tap.rows; ++r) {
        z[static_cast<std::size_t>(r)] =
            std::tanh(before_activation(r)) / (T(1) + std::exp(-before_activation(tap.rows + r)));
      }
      for (std::int64_t c = 0; c < out.columns; ++c) {
        T total = 0;
        for (std::int64_t k = 0; k < out.rows; ++k) {
          total += z[static_cast<std::size_t>(k)] * out(k, c);
        }
        row(n, row.columns - out.columns + c) += total + at<T>(bias, c);
      }
    }
  });
}

namespace {

// The first row of the sequence that row t belongs to.
std::int64_t start_of(std::int64_t t, const Starts& starts) {
  return starts == nullptr ? 0 : *std::prev(std::upper_bound(starts->begin(), starts->end(), t));
}

// Calls visit(b, t, k, from) for every output row and tap: row `from` is what the tap reads. Taps
// that read zeros are left out.
template <class Visit>
void for_each_tap(const View& x, const ConvGeometry& geometry, const Visit& visit) {
  for (std::int64_t b = 0; b < x.shape[0]; ++b) {
    for (std::int64_t t = geometry.from; t < x.shape[1]; ++t) {
      const std::int64_t start = start_of(t, geometry.starts);
      for (std::int64_t k = 0; k < geometry.width; ++k) {
        const std::int64_t from = t - (geometry.width - 1 - k) * geometry.dilation;
        if (from >= start || geometry.padding == Padding::first) {
          visit(b, t - geometry.from, k, std::max(from, start));
        }
      }
    }
  }
}

View row_of(const View& x, std::int64_t b, std::int64_t t) {
  return squeezed(squeezed(sliced(sliced(x, 0, b, b + 1, 1), 1, t, t + 1, 1), 0), 0);
}

}  // namespace

void ReferenceBackend::causal_conv1d(const View& x, const View& weight, const View& bias,
                                     const ConvGeometry& geometry, const View& y,
                                     const View& addend) {
  dispatch_float(x.dtype, [&]<class T>() {
    fill(0, y);
    const Matrix<T> w(weight);
    const std::int64_t in = x.shape[2];
    for_each_tap(x, geometry,
                 [&](std::int64_t b, std::int64_t t, std::int64_t k, std::int64_t from) {
                   const View source = row_of(x, b, from);
                   const View to = row_of(y, b, t);
                   for (std::int64_t c = 0; c < in; ++c) {
                     for (std::int64_t o = 0; o < w.columns; ++o) {
                       at<T>(to, o) += at<T>(source, c) * w(k * in + c, o);
                     }
                   }
                 });
    if (bias.data != nullptr) {
      accumulate(broadcast(bias, y.shape), y);
    }
    if (addend.data != nullptr) {
      accumulate(addend, y);
    }
  });
}

void ReferenceBackend::causal_conv1d_backward(const View& x, const View& weight,
                                              const ConvGeometry& geometry, const View& dy,
                                              const Gradient& dx, const Gradient& dweight,
                                              const Gradient& dbias) {
  const View into_x = cleared(dx);
  const View into_weight = cleared(dweight);
  const View into_bias = cleared(dbias);
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> w(weight);
    const std::int64_t in = x.shape[2];
    for_each_tap(x, geometry,
                 [&](std::int64_t b, std::int64_t t, std::int64_t k, std::int64_t from) {
                   const View grad = row_of(dy, b, t);
                   for (std::int64_t c = 0; dx.wanted() && c < in; ++c) {
                     T total = 0;
                     for (std::int64_t o = 0; o < w.columns; ++o) {
                       total += at<T>(grad, o) * w(k * in + c, o);
                     }
                     at<T>(row_of(into_x, b, from), c) += total;
                   }
                   if (dweight.wanted()) {
                     const Matrix<T> dw(into_weight);
                     const View source = row_of(x, b, from);
                     for (std::int64_t c = 0; c < in; ++c) {
                       for (std::int64_t o = 0; o < w.columns; ++o) {
                         dw(k * in + c, o) += at<T>(source, c) * at<T>(grad, o);
                       }
                     }
                   }
                 });
    if (dbias.wanted()) {
      sum(dy, unsqueezed(unsqueezed(into_bias, 0), 0));
    }
  });
}

}  // namespace wavenet
