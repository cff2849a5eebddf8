// What the kernels ask of a view: whether it is f32 and row-major, and where its rows stand.
//
//   if (plain(x, y)) {
//     cpu::relu(x.as<float>(), y.as<float>(), size_of(y));
//   }
#pragma once

#include "wavenet/backend/backend.h"
#include "wavenet/backend/cpu/kernels.h"

namespace wavenet::cpu {

template <class... Views>
bool plain(const Views&... views) {  // f32 and row-major
  return ((views.dtype == DType::f32 && views.is_contiguous()) && ...);
}

template <class... Views>
bool plain_or_empty(const Views&... views) {
  return ((views.data == nullptr || plain(views)) && ...);
}

inline bool plain(const Gradient& gradient) { return !gradient.wanted() || plain(gradient.to); }

inline Size size_of(const View& x) {
  const std::int64_t columns = x.rank() > 0 ? x.shape[-1] : 1;
  return {columns > 0 ? x.numel() / columns : 0, columns};
}

inline Tokens tokens_of(const View& tokens) {
  return {tokens.as<std::int32_t>(), tokens.strides[0]};
}

inline Rows rows_of(const View& x) {
  return x.data == nullptr ? Rows{} : Rows{x.as<float>(), x.strides[0]};
}

// Whether x is f32 and row-major, or rows of that, equally far apart, or empty; and those rows.
inline bool in_rows(const View& x) {
  if (x.data == nullptr || plain(x)) {
    return true;
  }
  bool one_matrix = x.dtype == DType::f32 && x.rank() >= 2 && x.strides[-1] == 1;
  for (int dim = 0; dim + 2 < x.rank(); ++dim) {
    one_matrix = one_matrix && x.shape[dim] == 1;
  }
  return one_matrix;
}
inline Rows last_rows(const View& x) {
  return x.data == nullptr ? Rows{} : Rows{x.as<float>(), x.rank() < 2 ? 0 : x.strides[-2]};
}

inline Out out(const Gradient& gradient) {
  return {gradient.to.as<float>(), gradient.into == Into::add};
}

// Calls run(x's first element, y's, how many) for pieces in which both views are row-major. False,
// with nothing done, when such pieces would be short.
template <class Run>
bool for_each_run(const View& x, const View& y, const Run& run) {
  constexpr std::int64_t kShort = 8;
  int outer = y.rank();  // dimensions from here on make a piece
  std::int64_t size = 1;
  while (outer > 0 && x.strides[outer - 1] == size && y.strides[outer - 1] == size) {
    size *= y.shape[--outer];
  }
  if (outer > 0 && size < kShort) {
    return false;
  }
  const auto walk = [&](const auto& self, int dim, std::int64_t from, std::int64_t to) -> void {
    if (dim == outer) {
      return run(from, to, size);
    }
    for (std::int64_t i = 0; i < y.shape[dim]; ++i) {
      self(self, dim + 1, from + i * x.strides[dim], to + i * y.strides[dim]);
    }
  };
  walk(walk, 0, 0, 0);
  return true;
}

inline Signals signals_of(const View& x) { return {x.as<float>(), x.strides[0], x.strides[1]}; }

inline StftGroups groups_of(const View& x, const Stft& how) {
  return {how, x.shape[0], x.shape[1]};
}

inline ConvShape conv_shape(const View& x, const View& weight, const ConvGeometry& geometry) {
  return {x.shape[0],
          x.shape[1],
          x.shape[2],
          weight.shape[1],
          geometry.width,
          geometry.dilation,
          geometry.padding == Padding::zero,
          geometry.from,
          geometry.starts == nullptr ? std::span<const std::int64_t>() : *geometry.starts};
}

}  // namespace wavenet::cpu
