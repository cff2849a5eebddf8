// Ring (a ring buffer): what a dilated convolution still has to read of its past, one row a step.
//
//   K = 3 taps, D = 2: (K - 1) D = 4 rows; tap 0 reads the oldest, tap 1 the one two steps younger
//
//     [x(t-4)] [x(t-3)] [x(t-2)] [x(t-1)]     then x(t) takes the place of x(t-4): read, then write
//      tap 0             tap 1
//
//   const float* old = ring.tap(0);   // every tap first
//   write(ring.present());            // the oldest row's place
//   ring.advance();
//
// A row holds `count` streams of `channels` values. Left out: streams at different steps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace wavenet::generate {

template <class T>
class Ring {
 public:
  // `slip` rows too many: a fault for tests to find.
  Ring(std::int64_t taps, std::int64_t dilation, std::int64_t count, std::int64_t channels,
       std::int64_t slip = 0)
      : dilation_(dilation),
        count_(count),
        channels_(channels),
        rows_(std::max<std::int64_t>(1, (taps - 1) * dilation + slip)),
        values_(static_cast<std::size_t>(rows_ * count * channels)) {}

  // [count, channels]: what tap k of 0 to K - 2 reads. Stays until present() is written.
  const T* tap(std::int64_t k) const { return row(k * dilation_); }
  // How many rows stand in one piece from each tap's on, written by now: of the steps to come, that
  // many read on where the tap reads now.
  std::int64_t run(std::int64_t taps) const {
    std::int64_t rows = dilation_;
    for (std::int64_t k = 0; k + 1 < taps; ++k) {
      rows = std::min(rows, rows_ - (now_ + k * dilation_) % rows_);
    }
    return rows;
  }
  T* present() { return row(0); }
  const T* present() const { return row(0); }
  std::int64_t channels() const { return channels_; }
  void advance() { now_ = now_ + 1 == rows_ ? 0 : now_ + 1; }

  // As if stream i had read `values`, of `channels`, for ever.
  void fill(std::int64_t i, std::span<const T> values) {
    for (std::int64_t r = 0; r < rows_; ++r) {
      std::copy(values.begin(), values.end(), row(r) + i * channels_);
    }
  }
  // The past of stream i, rows() rows of `channels`, the oldest first.
  std::int64_t rows() const { return rows_; }
  T* save(std::int64_t i, T* to) const {
    for (std::int64_t r = 0; r < rows_; ++r) {
      const T* values = row(r) + i * channels_;
      to = std::copy(values, values + channels_, to);
    }
    return to;
  }
  const T* restore(std::int64_t i, const T* from) {
    for (std::int64_t r = 0; r < rows_; ++r, from += channels_) {
      std::copy(from, from + channels_, row(r) + i * channels_);
    }
    return from;
  }

 private:
  // The row `age` steps younger than the oldest.
  const T* row(std::int64_t age) const {
    return values_.data() + (now_ + age) % rows_ * count_ * channels_;
  }
  T* row(std::int64_t age) { return values_.data() + (now_ + age) % rows_ * count_ * channels_; }

  std::int64_t dilation_;
  std::int64_t count_;
  std::int64_t channels_;
  std::int64_t rows_;
  std::int64_t now_ = 0;  // the oldest row
  std::vector<T> values_;
};

}  // namespace wavenet::generate
