#include "wavenet/tensor/view.h"

#include <algorithm>
#include <utility>

namespace wavenet {

bool View::is_contiguous() const {
  std::int64_t expected = 1;
  for (int d = rank() - 1; d >= 0; --d) {
    if (shape[d] != 1 && strides[d] != expected) {
      return false;
    }
    expected *= shape[d];
  }
  return true;
}

Shape contiguous_strides(const Shape& shape) {
  Shape strides = Shape::filled(shape.rank(), 1);
  for (int d = shape.rank() - 2; d >= 0; --d) {
    strides[d] = strides[d + 1] * shape[d + 1];
  }
  return strides;
}

View sliced(const View& x, int dim, std::int64_t start, std::int64_t stop, std::int64_t step) {
  View y = x;
  char* first = static_cast<char*>(x.data) + start * x.strides[dim] * size_of(x.dtype);
  y.data = stop > start ? first : x.data;
  y.shape[dim] = (stop - start + step - 1) / step;
  y.strides[dim] = x.strides[dim] * step;
  return y;
}

View transposed(const View& x, int dim0, int dim1) {
  View y = x;
  std::swap(y.shape[dim0], y.shape[dim1]);
  std::swap(y.strides[dim0], y.strides[dim1]);
  return y;
}

View broadcast(const View& x, const Shape& shape) {
  const int added = shape.rank() - x.rank();
  check(added >= 0, "broadcast: {} has more dimensions than {}", x.shape, shape);
  View y = x;
  y.shape = shape;
  y.strides = Shape::filled(shape.rank(), 0);
  for (int d = 0; d < x.rank(); ++d) {
    const bool same = x.shape[d] == shape[d + added];
    check(same || x.shape[d] == 1, "broadcast: {} does not repeat to {}", x.shape, shape);
    y.strides[d + added] = same ? x.strides[d] : 0;
  }
  return y;
}

// Walks both shapes from their inner ends. Old dimensions that lie evenly spaced one inside the
// other form a run; the new shape fits when every run is shared out among whole new dimensions.
std::optional<View> reshaped(const View& x, const Shape& shape) {
  View y = x;
  y.shape = shape;
  y.strides = contiguous_strides(shape);
  if (x.is_contiguous() || x.numel() == 0) {
    return y;
  }
  int next = shape.rank() - 1;
  for (int d = x.rank() - 1; d >= 0;) {
    const std::int64_t step = x.strides[d];
    std::int64_t run = x.shape[d--];
    while (run > 1 && d >= 0 && (x.shape[d] == 1 || x.strides[d] == run * step)) {
      run *= x.shape[d--];
    }
    std::int64_t covered = 1;
    while (next >= 0 && covered < run) {
      y.strides[next] = covered * step;
      covered *= shape[next--];
    }
    if (covered != run) {
      return std::nullopt;
    }
  }
  return y;
}

View as_rows(const View& x) {
  if (x.data == nullptr || x.rank() == 2) {
    return x;
  }
  const std::int64_t channels = x.shape[-1];
  return *reshaped(x, {channels == 0 ? 0 : x.numel() / channels, channels});
}

View unsqueezed(const View& x, int dim) {
  check(dim >= 0 && dim <= x.rank(), "unsqueeze: dimension {} is outside {}", dim, x.shape);
  View y = x;
  y.shape = Shape{};
  y.strides = Shape{};
  for (int d = 0; d <= x.rank(); ++d) {
    if (d == dim) {
      y.shape.append(1);
      y.strides.append(1);
    }
    if (d < x.rank()) {
      y.shape.append(x.shape[d]);
      y.strides.append(x.strides[d]);
    }
  }
  return y;
}

View squeezed(const View& x, int dim) {
  View y = x;
  y.shape = Shape{};
  y.strides = Shape{};
  for (int d = 0; d < x.rank(); ++d) {
    if (d != dim) {
      y.shape.append(x.shape[d]);
      y.strides.append(x.strides[d]);
    }
  }
  return y;
}

std::optional<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  Shape shape = Shape::filled(rank, 1);
  for (int d = 1; d <= rank; ++d) {
    const std::int64_t in_a = d <= a.rank() ? a[-d] : 1;
    const std::int64_t in_b = d <= b.rank() ? b[-d] : 1;
    if (in_a != in_b && in_a != 1 && in_b != 1) {
      return std::nullopt;
    }
    shape[-d] = in_a == 1 ? in_b : in_a;
  }
  return shape;
}

}  // namespace wavenet
