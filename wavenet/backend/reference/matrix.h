// Matrix: element (i, j) of a view of two dimensions and any strides; `at`: element i of one.
#pragma once

#include "wavenet/tensor/view.h"

namespace wavenet::reference {

template <class T>
struct Matrix {
  explicit Matrix(const View& view)
      : data(view.as<T>()),
        rows(view.shape[0]),
        columns(view.shape[1]),
        row_stride(view.strides[0]),
        column_stride(view.strides[1]) {}
  T& operator()(std::int64_t i, std::int64_t j) const {
    return data[i * row_stride + j * column_stride];
  }
  T* data;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t row_stride;
  std::int64_t column_stride;
};

template <class T>
T& at(const View& x, std::int64_t i) {
  return x.as<T>()[i * x.strides[0]];
}

}  // namespace wavenet::reference
