// View: what a kernel sees of a tensor, an address with a type, a shape and strides; and the
// geometry that makes one view of another without touching memory.
//
//   View every_second = sliced(x, 1, 0, 8, 2);       // x[:, 0:8:2]
//   View rows = broadcast(bias, Shape{32, 27});      // strides of 0 repeat the bias
//
// Strides count elements. Left out: ownership (see Tensor) and gradients (see ops/view.h).
#pragma once

#include <optional>

#include "wavenet/tensor/dtype.h"
#include "wavenet/tensor/shape.h"

namespace wavenet {

struct View {
  void* data = nullptr;
  DType dtype = DType::f32;
  Shape shape;
  Shape strides;

  int rank() const { return shape.rank(); }
  std::int64_t numel() const { return shape.numel(); }
  bool is_contiguous() const;

  template <class T>
  T* as() const {
    check(dtype == dtype_of<T>(), "a tensor of {} was read as {}", dtype, dtype_of<T>());
    return static_cast<T*>(data);
  }
};

Shape contiguous_strides(const Shape& shape);

// x[start:stop:step] along `dim`; 0 <= start <= stop <= size, step >= 1, already checked.
View sliced(const View& x, int dim, std::int64_t start, std::int64_t stop, std::int64_t step);
View transposed(const View& x, int dim0, int dim1);
// Repeats dimensions of size 1, and adds leading ones, up to `shape`. Throws when that cannot be.
View broadcast(const View& x, const Shape& shape);
// The same elements in row-major order under another shape, or nothing when strides forbid it.
std::optional<View> reshaped(const View& x, const Shape& shape);
// A row-major [..., C] as [N, C]; one of rank 2, whatever its strides, or without memory as it is.
View as_rows(const View& x);
// Inserts a dimension of size 1 before `dim`.
View unsqueezed(const View& x, int dim);
// Drops `dim`, which must have size 1.
View squeezed(const View& x, int dim);

// The shape that a and b broadcast to, or nothing. Sizes are matched from the right; 1 repeats.
std::optional<Shape> broadcast_shape(const Shape& a, const Shape& b);

}  // namespace wavenet
