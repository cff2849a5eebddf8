// walk: visits the elements of several views of one shape together, in row-major order.
//
//   walk<float>({&a, &b, &y}, [](float& a, float& b, float& y) { y = a + b; });
//
// Left out: speed beyond a plain inner loop; backends override what matters.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "wavenet/tensor/view.h"

namespace wavenet::reference {

template <class T, std::size_t N, class Visit>
void walk(const std::array<const View*, N>& views, const Visit& visit) {
  const Shape& shape = views[0]->shape;
  if (shape.numel() == 0) {
    return;
  }
  std::array<T*, N> at;
  for (std::size_t v = 0; v < N; ++v) {
    at[v] = views[v]->template as<T>();
  }
  const auto call = [&]<std::size_t... I>(std::index_sequence<I...>) { visit(*at[I]...); };
  const auto move = [&](int dim, std::int64_t count) {
    for (std::size_t v = 0; v < N; ++v) {
      at[v] += views[v]->strides[dim] * count;
    }
  };
  Shape index = Shape::filled(shape.rank(), 0);
  while (true) {
    call(std::make_index_sequence<N>());
    int dim = shape.rank() - 1;
    for (; dim >= 0; --dim) {  // count up like an odometer
      if (++index[dim] < shape[dim]) {
        move(dim, 1);
        break;
      }
      move(dim, 1 - shape[dim]);
      index[dim] = 0;
    }
    if (dim < 0) {
      return;
    }
  }
}

}  // namespace wavenet::reference
