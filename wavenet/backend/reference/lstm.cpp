// A layer of an LSTM.
#include <cmath>
#include <vector>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"
#include "wavenet/backend/reference/sigmoid.h"

namespace wavenet {

using reference::at;
using reference::Matrix;
using reference::sigmoid;

void ReferenceBackend::lstm(const View& x, const View& weight, const View& bias, const View&,
                            const View& hidden, const View& cell) {
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> in(x);
    const Matrix<T> w(weight);
    const Matrix<T> h(hidden);
    const Matrix<T> c(cell);
    const auto gate = [&](std::int64_t column, std::int64_t t) {
      T total = at<T>(bias, column);
      for (std::int64_t i = 0; i < in.rows; ++i) {
        total += in(i, t) * w(i, column);
      }
      for (std::int64_t i = 0; i < h.rows; ++i) {
        total += h(i, t) * w(in.rows + i, column);
      }
      return total;
    };
    for (std::int64_t t = 0; t < in.columns; ++t) {
      for (std::int64_t i = 0; i < h.rows; ++i) {
        const T fresh = sigmoid(gate(i, t)) * std::tanh(gate(2 * h.rows + i, t));
        c(i, t + 1) = sigmoid(gate(h.rows + i, t)) * c(i, t) + fresh;
        h(i, t + 1) = sigmoid(gate(3 * h.rows + i, t)) * std::tanh(c(i, t + 1));
      }
    }
  });
}

}  // namespace wavenet
