#include "wavenet/ops/view.h"

#include <algorithm>
#include <functional>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// y is x under another view, which `look` makes; the gradient goes back through the same look.
Tensor share(const char* name, const Tensor& x, const std::function<View(const View&)>& look) {
  Tensor y = x.with_view(look(x.view()));
  autograd::record(name, y, {x}, [look](const Tensor& dy, const InputGradients& dx) {
    backend().accumulate(dy, look(dx.zeroed(0)));
  });
  return y;
}

// y is x under a view of the same elements in the same order, and so is dx of dy.
Tensor same_order(const char* name, const Tensor& x, const View& view) {
  Tensor y = x.with_view(view);
  autograd::record(name, y, {x}, [from = x.shape()](const Tensor& dy, const InputGradients& dx) {
    dx.give(0, dy.with_view(*reshaped(dy, from)));
  });
  return y;
}

int checked_dim(const char* name, const Tensor& x, int dim) {
  check(dim >= -x.rank() && dim < x.rank(), "{}: dimension {} is outside {}", name, dim, x.shape());
  return dim < 0 ? dim + x.rank() : dim;
}

Shape resolved(const Tensor& x, Shape shape) {
  int open = -1;
  std::int64_t known = 1;
  for (int d = 0; d < shape.rank(); ++d) {
    if (shape[d] == -1) {
      check(open < 0, "reshape: {} has more than one -1", shape);
      open = d;
    } else {
      check(shape[d] >= 0, "reshape: {} has a negative size", shape);
      known *= shape[d];
    }
  }
  if (open >= 0 && known > 0 && x.numel() % known == 0) {
    shape[open] = x.numel() / known;
    known = x.numel();
  }
  check(known == x.numel() && shape.numel() == x.numel(),
        "reshape: {} with {} elements does not fit {}", x.shape(), x.numel(), shape);
  return shape;
}

}  // namespace

Tensor index(const Tensor& x, const std::vector<Slice>& slices) {
  check(static_cast<int>(slices.size()) <= x.rank(), "index: {} slices for {}", slices.size(),
        x.shape());
  std::vector<Slice> bounded;
  for (std::size_t d = 0; d < slices.size(); ++d) {
    const std::int64_t size = x.size(static_cast<int>(d));
    check(slices[d].step >= 1, "index: a step must be at least 1, got {}", slices[d].step);
    const auto bound = [size](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
    };
    const std::int64_t start = bound(slices[d].start);
    bounded.push_back({start, std::max(start, bound(slices[d].stop)), slices[d].step});
  }
  return share("index", x, [bounded](const View& whole) {
    View part = whole;
    for (std::size_t d = 0; d < bounded.size(); ++d) {
      const Slice& s = bounded[d];
      part = sliced(part, static_cast<int>(d), s.start, s.stop, s.step);
    }
    return part;
  });
}

Tensor reshape(const Tensor& x, const Shape& shape) {
  const Shape to = resolved(x, shape);
  if (to == x.shape()) {
    return x;
  }
  if (!reshaped(x.view(), to)) {
    return reshape(contiguous(x), to);
  }
  return same_order("reshape", x, *reshaped(x.view(), to));
}

Tensor transpose(const Tensor& x, int dim0, int dim1) {
  const int first = checked_dim("transpose", x, dim0);
  const int second = checked_dim("transpose", x, dim1);
  return share("transpose", x,
               [first, second](const View& v) { return transposed(v, first, second); });
}

Tensor unsqueeze(const Tensor& x, int dim) {
  check(dim >= -x.rank() - 1 && dim <= x.rank(), "unsqueeze: dimension {} is outside {}", dim,
        x.shape());
  const int at = dim < 0 ? dim + x.rank() + 1 : dim;
  return same_order("unsqueeze", x, unsqueezed(x, at));
}

Tensor squeeze(const Tensor& x, int dim) {
  const int at = checked_dim("squeeze", x, dim);
  if (x.size(at) != 1) {
    return x;
  }
  return same_order("squeeze", x, squeezed(x, at));
}

Tensor cat(const std::vector<Tensor>& parts, int dim) {
  check(!parts.empty(), "cat: needs at least one tensor");
  const int at = checked_dim("cat", parts[0], dim);
  Shape shape = parts[0].shape();
  shape[at] = 0;
  for (const Tensor& part : parts) {
    Shape rest = part.shape();
    check(part.dtype() == parts[0].dtype(), "cat: parts of {} and {}", parts[0].dtype(),
          part.dtype());
    check(part.rank() == parts[0].rank(), "cat: parts {} and {} differ in rank", parts[0].shape(),
          part.shape());
    shape[at] += part.size(at);
    rest[at] = parts[0].size(at);
    check(rest == parts[0].shape(), "cat: parts {} and {} differ outside dimension {}",
          parts[0].shape(), part.shape(), at);
  }
  Tensor y = Tensor::empty(shape, parts[0].dtype());
  std::vector<std::int64_t> ends;  // where each part ends in y
  for (const Tensor& part : parts) {
    const std::int64_t start = ends.empty() ? 0 : ends.back();
    ends.push_back(start + part.size(at));
    backend().copy(part, sliced(y, at, start, ends.back(), 1));
  }
  autograd::record("cat", y, parts, [at, ends](const Tensor& dy, const InputGradients& dx) {
    std::int64_t from = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (dx.wants(i)) {
        backend().accumulate(sliced(dy, at, from, ends[i], 1), dx.zeroed(i));
      }
      from = ends[i];
    }
  });
  return y;
}

Tensor contiguous(const Tensor& x) {
  if (x.is_contiguous()) {
    return x;
  }
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().copy(x, y);
  autograd::record("contiguous", y, {x},
                   [](const Tensor& dy, const InputGradients& dx) { dx.give(0, dy); });
  return y;
}

}  // namespace wavenet
