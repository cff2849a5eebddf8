// Softmax and its loss, embedding, batch norm.
#include <algorithm>
#include <cmath>
#include <limits>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"

namespace wavenet {

using reference::at;
using reference::Matrix;

namespace {

// The last dimension's rows, one by one: calls visit(rows..., size) with views of one row each.
template <class Visit>
void for_each_row(const View& x, const View& y, const View& z, const Visit& visit, int dim = 0) {
  if (dim == x.rank() - 1) {
    visit(x, y, z);
    return;
  }
  const auto drop = [](View v) {
    View row = v;
    row.shape = Shape(std::span(v.shape.begin() + 1, v.shape.end()));
    row.strides = Shape(std::span(v.strides.begin() + 1, v.strides.end()));
    return row;
  };
  for (std::int64_t i = 0; i < x.shape[0]; ++i) {
    const auto pick = [&](const View& v) { return drop(sliced(v, 0, i, i + 1, 1)); };
    for_each_row(pick(x), pick(y), pick(z), visit, dim);
  }
}

template <class T>
T log_sum_exp(const View& row) {
  T largest = -std::numeric_limits<T>::infinity();
  for (std::int64_t i = 0; i < row.shape[0]; ++i) {
    largest = std::max(largest, at<T>(row, i));
  }
  double total = 0;
  for (std::int64_t i = 0; i < row.shape[0]; ++i) {
    total += static_cast<double>(std::exp(at<T>(row, i) - largest));
  }
  return largest + static_cast<T>(std::log(total));
}

// Rows that have a target.
std::int64_t count_targets(const View& targets) {
  std::int64_t count = 0;
  for (std::int64_t n = 0; n < targets.shape[0]; ++n) {
    count += at<std::int32_t>(targets, n) >= 0 ? 1 : 0;
  }
  return count;
}

}  // namespace

void ReferenceBackend::softmax(const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    for_each_row(x, y, y, [](const View& from, const View& to, const View&) {
      const T total = log_sum_exp<T>(from);
      for (std::int64_t i = 0; i < from.shape[0]; ++i) {
        at<T>(to, i) = std::exp(at<T>(from, i) - total);
      }
    });
  });
}

void ReferenceBackend::softmax_backward(const View& y, const View& dy, const Gradient& dx) {
  dispatch_float(y.dtype, [&]<class T>() {
    for_each_row(y, dy, cleared(dx), [](const View& p, const View& dp, const View& to) {
      double dot = 0;
      for (std::int64_t i = 0; i < p.shape[0]; ++i) {
        dot += static_cast<double>(at<T>(p, i)) * static_cast<double>(at<T>(dp, i));
      }
      for (std::int64_t i = 0; i < p.shape[0]; ++i) {
        at<T>(to, i) += at<T>(p, i) * (at<T>(dp, i) - static_cast<T>(dot));
      }
    });
  });
}

void ReferenceBackend::log_softmax(const View& x, const View& y) {
  dispatch_float(y.dtype, [&]<class T>() {
    for_each_row(x, y, y, [](const View& from, const View& to, const View&) {
      const T total = log_sum_exp<T>(from);
      for (std::int64_t i = 0; i < from.shape[0]; ++i) {
        at<T>(to, i) = at<T>(from, i) - total;
      }
    });
  });
}

void ReferenceBackend::log_softmax_backward(const View& y, const View& dy, const Gradient& dx) {
  dispatch_float(y.dtype, [&]<class T>() {
    for_each_row(y, dy, cleared(dx), [](const View& log_p, const View& grad, const View& to) {
      double total = 0;
      for (std::int64_t i = 0; i < grad.shape[0]; ++i) {
        total += static_cast<double>(at<T>(grad, i));
      }
      for (std::int64_t i = 0; i < grad.shape[0]; ++i) {
        at<T>(to, i) += at<T>(grad, i) - std::exp(at<T>(log_p, i)) * static_cast<T>(total);
      }
    });
  });
}

void ReferenceBackend::nll(const View& log_p, const View& targets, double smoothing,
                           const View& loss) {
  dispatch_float(log_p.dtype, [&]<class T>() {
    const Matrix<T> rows(log_p);
    double total = 0;
    for (std::int64_t n = 0; n < rows.rows; ++n) {
      const std::int32_t target = at<std::int32_t>(targets, n);
      if (target < 0) {
        continue;
      }
      total -= (1 - smoothing) * static_cast<double>(rows(n, target));
      for (std::int64_t v = 0; smoothing > 0 && v < rows.columns; ++v) {
        total -= smoothing / static_cast<double>(rows.columns) * static_cast<double>(rows(n, v));
      }
    }
    *loss.as<T>() = static_cast<T>(total / static_cast<double>(count_targets(targets)));
  });
}

void ReferenceBackend::cross_entropy_backward(const View& log_p, const View& targets,
                                              double smoothing, const View& dloss,
                                              const Gradient& dlogits) {
  dispatch_float(log_p.dtype, [&]<class T>() {
    const Matrix<T> rows(log_p);
    const Matrix<T> to(cleared(dlogits));
    const T scale = *dloss.as<T>() / static_cast<T>(count_targets(targets));
    const T spread = scale * static_cast<T>(smoothing / static_cast<double>(rows.columns));
    for (std::int64_t n = 0; n < rows.rows; ++n) {
      const std::int32_t target = at<std::int32_t>(targets, n);
      if (target < 0) {
        continue;
      }
      for (std::int64_t v = 0; v < rows.columns; ++v) {
        to(n, v) += scale * std::exp(rows(n, v)) - spread;
      }
      to(n, target) -= scale * static_cast<T>(1 - smoothing);
    }
  });
}

void ReferenceBackend::embedding(const View& weight, const View& tokens, const View& y, Into into) {
  dispatch_float(y.dtype, [&]<class T>() {
    const Matrix<T> table(weight);
    const Matrix<T> to(y);
    for (std::int64_t n = 0; n < to.rows; ++n) {
      const std::int32_t token = at<std::int32_t>(tokens, n);
      for (std::int64_t c = 0; c < to.columns; ++c) {
        to(n, c) = table(token, c) + (into == Into::add ? to(n, c) : 0);
      }
    }
  });
}

void ReferenceBackend::embedding_backward(const View& tokens, const View& dy,
                                          const Gradient& dweight) {
  dispatch_float(dy.dtype, [&]<class T>() {
    const Matrix<T> from(dy);
    const Matrix<T> table(cleared(dweight));
    for (std::int64_t n = 0; n < from.rows; ++n) {
      const std::int32_t token = at<std::int32_t>(tokens, n);
      for (std::int64_t c = 0; c < from.columns; ++c) {
        table(token, c) += from(n, c);
      }
    }
  });
}

void ReferenceBackend::batch_norm(const View& x, const View& weight, const View& bias, double eps,
                                  const View& y, const View& mean, const View& variance) {
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> in(x);
    const Matrix<T> out(y);
    const double count = static_cast<double>(in.rows);
    for (std::int64_t c = 0; c < in.columns; ++c) {
      double total = 0;
      for (std::int64_t n = 0; n < in.rows; ++n) {
        total += static_cast<double>(in(n, c));
      }
      const double center = total / count;
      double squares = 0;
      for (std::int64_t n = 0; n < in.rows; ++n) {
        const double distance = static_cast<double>(in(n, c)) - center;
        squares += distance * distance;
      }
      const double unbiased = squares / (count - 1);
      at<T>(mean, c) = static_cast<T>(center);
      at<T>(variance, c) = static_cast<T>(unbiased);
      const T scale = static_cast<T>(1 / std::sqrt(unbiased + eps));
      for (std::int64_t n = 0; n < in.rows; ++n) {
        const T normal = (in(n, c) - static_cast<T>(center)) * scale;
        out(n, c) = at<T>(weight, c) * normal + at<T>(bias, c);
      }
    }
  });
}

// With z = (x - mean) r, r = 1/sqrt(variance + eps), N rows and the unbiased variance:
// dx = weight r (dy - sum(dy)/N - z sum(dy z)/(N-1)), dweight = sum(dy z), dbias = sum(dy).
void ReferenceBackend::batch_norm_backward(const View& x, const View& weight, const View& mean,
                                           const View& variance, double eps, const View& dy,
                                           const Gradient& dx, const Gradient& dweight,
                                           const Gradient& dbias) {
  const View into_x = cleared(dx);
  const View into_weight = cleared(dweight);
  const View into_bias = cleared(dbias);
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> in(x);
    const Matrix<T> grad(dy);
    const double count = static_cast<double>(in.rows);
    for (std::int64_t c = 0; c < in.columns; ++c) {
      const T center = at<T>(mean, c);
      const T r = static_cast<T>(1 / std::sqrt(static_cast<double>(at<T>(variance, c)) + eps));
      double sum_dy = 0;
      double sum_dy_z = 0;
      for (std::int64_t n = 0; n < in.rows; ++n) {
        const T z = (in(n, c) - center) * r;
        sum_dy += static_cast<double>(grad(n, c));
        sum_dy_z += static_cast<double>(grad(n, c)) * static_cast<double>(z);
      }
      if (dweight.wanted()) {
        at<T>(into_weight, c) += static_cast<T>(sum_dy_z);
      }
      if (dbias.wanted()) {
        at<T>(into_bias, c) += static_cast<T>(sum_dy);
      }
      if (!dx.wanted()) {
        continue;
      }
      const Matrix<T> to(into_x);
      const T mean_dy = static_cast<T>(sum_dy / count);
      const T slope = static_cast<T>(sum_dy_z / (count - 1));
      for (std::int64_t n = 0; n < in.rows; ++n) {
        const T z = (in(n, c) - center) * r;
        to(n, c) += at<T>(weight, c) * r * (grad(n, c) - mean_dy - z * slope);
      }
    }
  });
}

}  // namespace wavenet
