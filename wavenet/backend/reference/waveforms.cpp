// Distances of waveforms: squared errors, and spectra by the sum that defines them, in double.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"

namespace wavenet {

using reference::at;
using reference::Matrix;

namespace {

// Calls visit(x, target, w) for every place of x: [B, T, W].
template <class T, class Visit>
void for_each_place(const View& x, const View& targets, const Visit& visit) {
  const Matrix<T> all(targets);
  for (std::int64_t b = 0; b < all.rows; ++b) {
    for (std::int64_t t = 0; t < all.columns; ++t) {
      for (std::int64_t w = 0; w < x.shape[2]; ++w) {
        visit(x.as<T>()[b * x.strides[0] + t * x.strides[1] + w * x.strides[2]], all(b, t), w);
      }
    }
  }
}

// The transform of frames of one kind.
class Transform {
 public:
  explicit Transform(const Stft& how) : how_(how) {
    for (std::int64_t i = 0; i < how.fft; ++i) {
      turns_.push_back(std::polar(1.0, 2 * std::numbers::pi * ratio(i, how.fft)));
    }
    for (std::int64_t i = 0; i < how.window; ++i) {
      window_.push_back((1 - std::cos(2 * std::numbers::pi * ratio(i, how.window))) / 2);
    }
  }
  template <class T>
  std::complex<double> bin(const Matrix<T>& x, std::int64_t row, std::int64_t frame,
                           std::int64_t k) const {
    std::complex<double> sum = 0;
    for (std::int64_t i = 0; i < how_.window; ++i) {
      const std::int64_t from = reflected(how_.first(frame) + i, x.columns);
      sum += static_cast<double>(x(row, from)) * window(i) * std::conj(turn(i * k));
    }
    return sum;
  }
  // Of sample i of a frame by bin k: e^(2 pi i k / fft) under the window.
  std::complex<double> weight(std::int64_t i, std::int64_t k) const {
    return window(i) * turn(i * k);
  }

 private:
  static double ratio(std::int64_t i, std::int64_t n) {
    return static_cast<double>(i) / static_cast<double>(n);
  }
  std::complex<double> turn(std::int64_t i) const {
    return turns_[static_cast<std::size_t>(i % how_.fft)];
  }
  double window(std::int64_t i) const { return window_[static_cast<std::size_t>(i)]; }

  Stft how_;
  std::vector<std::complex<double>> turns_;
  std::vector<double> window_;
};

double magnitude_of(std::complex<double> bin) {
  const double power = std::norm(bin);
  return std::sqrt(power < kLeastPower ? kLeastPower : power);  // unlike a maximum, keeps NaN
}

// Calls visit(row, frame, bin, where the bin's magnitude stands).
template <class Visit>
void for_each_bin(std::int64_t rows, std::int64_t length, const Stft& how, const Visit& visit) {
  std::int64_t place = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t frame = 0; frame < how.frames(length); ++frame) {
      for (std::int64_t k = 0; k < how.bins(); ++k) {
        visit(row, frame, k, place++);
      }
    }
  }
}

// A spectrum stands in fft numbers: the real parts of all bins, then the imaginary ones of all but the
// first and the last, which have none.
template <class T>
class Kept {
 public:
  Kept(const View& spectra, std::int64_t length, const Stft& how)
      : data_(spectra.data == nullptr ? nullptr : spectra.as<T>()),
        frames_(how.frames(length)),
        fft_(how.fft) {}
  void put(std::int64_t row, std::int64_t frame, std::int64_t k, std::complex<double> bin) const {
    if (data_ == nullptr) {
      return;
    }
    T* to = data_ + (row * frames_ + frame) * fft_;
    to[k] = static_cast<T>(bin.real());
    if (k > 0 && k < fft_ / 2) {
      to[fft_ / 2 + k] = static_cast<T>(bin.imag());
    }
  }
  std::complex<double> get(std::int64_t row, std::int64_t frame, std::int64_t k) const {
    const T* from = data_ + (row * frames_ + frame) * fft_;
    return {static_cast<double>(from[k]),
            k > 0 && k < fft_ / 2 ? static_cast<double>(from[fft_ / 2 + k]) : 0};
  }

 private:
  T* data_;
  std::int64_t frames_;
  std::int64_t fft_;
};

}  // namespace

void ReferenceBackend::squared_error(const View& x, const View& targets, const View& y) {
  std::vector<double> sums(static_cast<std::size_t>(x.shape[2]));
  dispatch_float(x.dtype, [&]<class T>() {
    for_each_place<T>(x, targets, [&](T value, T target, std::int64_t w) {
      const double error = static_cast<double>(value) - static_cast<double>(target);
      sums[static_cast<std::size_t>(w)] += error * error;
    });
    for (std::int64_t w = 0; w < x.shape[2]; ++w) {
      at<T>(y, w) =
          static_cast<T>(sums[static_cast<std::size_t>(w)] / static_cast<double>(targets.numel()));
    }
  });
}

void ReferenceBackend::squared_error_backward(const View& x, const View& targets, const View& dy,
                                              const Gradient& dx) {
  const View to = cleared(dx);
  dispatch_float(x.dtype, [&]<class T>() {
    for (std::int64_t w = 0; w < x.shape[2]; ++w) {
      const T scale = 2 * at<T>(dy, w) / static_cast<T>(targets.numel());
      const Matrix<T> all(targets);
      for (std::int64_t b = 0; b < all.rows; ++b) {
        const T* from = x.as<T>() + b * x.strides[0] + w * x.strides[2];
        T* into = to.as<T>() + b * to.strides[0] + w * to.strides[2];
        for (std::int64_t t = 0; t < all.columns; ++t) {
          into[t * to.strides[1]] += scale * (from[t * x.strides[1]] - all(b, t));
        }
      }
    }
  });
}

void ReferenceBackend::spectral_magnitudes(const View& x, const Stft& how, const View& magnitudes) {
  const Transform transform(how);
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> from(x);
    for_each_bin(from.rows, from.columns, how, [&](auto row, auto frame, auto k, auto place) {
      magnitudes.as<T>()[place] = static_cast<T>(magnitude_of(transform.bin(from, row, frame, k)));
    });
  });
}

SpectralSums ReferenceBackend::spectral_distance(const View& x, const View& magnitudes,
                                                 const Stft& how, const View& spectra) {
  const Transform transform(how);
  SpectralSums sums;
  dispatch_float(x.dtype, [&]<class T>() {
    const Matrix<T> from(x);
    const Kept<T> kept(spectra, from.columns, how);
    for_each_bin(from.rows, from.columns, how, [&](auto row, auto frame, auto k, auto place) {
      const std::complex<double> bin = transform.bin(from, row, frame, k);
      kept.put(row, frame, k, bin);
      const double predicted = magnitude_of(bin);
      const auto target = static_cast<double>(magnitudes.as<T>()[place]);
      sums.differences += (predicted - target) * (predicted - target);
      sums.targets += target * target;
      sums.logarithms += std::abs(std::log(predicted) - std::log(target));
    });
  });
  return sums;
}

// dP/dx of P = |X| is X / P, back through the sum that X is.
void ReferenceBackend::spectral_distance_backward(const View& spectra, const View& magnitudes,
                                                  const Stft& how, double difference,
                                                  double logarithm, const Gradient& dx) {
  const Transform transform(how);
  const View to = cleared(dx);
  dispatch_float(to.dtype, [&]<class T>() {
    const Matrix<T> into(to);
    const Kept<T> kept(spectra, into.columns, how);
    for_each_bin(into.rows, into.columns, how, [&](auto row, auto frame, auto k, auto place) {
      const std::complex<double> bin = kept.get(row, frame, k);
      if (std::norm(bin) < kLeastPower) {
        return;
      }
      const double predicted = std::abs(bin);
      const double error = predicted - static_cast<double>(magnitudes.as<T>()[place]);
      const double sign = error > 0 ? 1 : error < 0 ? -1 : error;
      const std::complex<double> slope =
          (difference * error + logarithm * sign / predicted) / predicted * bin;
      for (std::int64_t i = 0; i < how.window; ++i) {
        into(row, reflected(how.first(frame) + i, into.columns)) +=
            static_cast<T>((slope * transform.weight(i, k)).real());
      }
    });
  });
}

}  // namespace wavenet
