#include "wavenet/tensor/tensor.h"

#include <algorithm>
#include <cstring>

namespace wavenet {
namespace {

// Calls visit(offset) for each element of x in row-major order; offsets count elements.
template <class Visit>
void for_each_offset(const View& x, int dim, std::int64_t offset, const Visit& visit) {
  if (dim == x.rank()) {
    visit(offset);
    return;
  }
  for (std::int64_t i = 0; i < x.shape[dim]; ++i) {
    for_each_offset(x, dim + 1, offset + i * x.strides[dim], visit);
  }
}

}  // namespace

Tensor Tensor::empty(const Shape& shape, DType dtype) {
  std::int64_t bytes = size_of(dtype);
  for (std::int64_t size : shape) {
    check(size >= 0, "a tensor cannot have the shape {}", shape);
    check_as(ErrorKind::memory, !__builtin_mul_overflow(bytes, size, &bytes),
             "out of memory: a tensor of shape {} has more elements than can be counted", shape);
  }
  Tensor t;
  t.storage_ = Storage::allocate(bytes);
  t.view_ = View{t.storage_->data(), dtype, shape, contiguous_strides(shape)};
  return t;
}

Tensor Tensor::zeros(const Shape& shape, DType dtype) {
  Tensor t = empty(shape, dtype);
  std::memset(t.view_.data, 0, static_cast<std::size_t>(t.numel() * size_of(dtype)));
  return t;
}

template <class T>
Tensor Tensor::from(const std::vector<T>& values, const Shape& shape) {
  check(static_cast<std::int64_t>(values.size()) == shape.numel(),
        "{} values do not fill a tensor of shape {}", values.size(), shape);
  Tensor t = empty(shape, dtype_of<T>());
  std::copy(values.begin(), values.end(), t.data<T>());
  return t;
}

Tensor Tensor::scalar(double value, DType dtype) {
  Tensor t = empty({}, dtype);
  dispatch_any(dtype, [&]<class T>() { *t.data<T>() = static_cast<T>(value); });
  return t;
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  std::vector<T> values;
  values.reserve(static_cast<std::size_t>(numel()));
  const T* first = data<T>();
  for_each_offset(view_, 0, 0, [&](std::int64_t offset) { values.push_back(first[offset]); });
  return values;
}

double Tensor::item() const {
  check(defined() && numel() == 1, "item: needs one element, the tensor has shape {}", shape());
  return dispatch_any(dtype(), [&]<class T>() { return static_cast<double>(*data<T>()); });
}

Tensor Tensor::clone() const {
  Tensor copy = empty(shape(), dtype());
  dispatch_any(dtype(), [&]<class T>() {
    T* to = copy.data<T>();
    const T* first = data<T>();
    if (is_contiguous()) {
      std::copy_n(first, numel(), to);
    } else {
      for_each_offset(view_, 0, 0, [&](std::int64_t offset) { *to++ = first[offset]; });
    }
  });
  return copy;
}

Tensor Tensor::with_view(const View& view) const {
  Tensor t;
  t.storage_ = storage_;
  t.view_ = view;
  return t;
}

template Tensor Tensor::from(const std::vector<float>&, const Shape&);
template Tensor Tensor::from(const std::vector<double>&, const Shape&);
template Tensor Tensor::from(const std::vector<std::int32_t>&, const Shape&);
template std::vector<float> Tensor::to_vector() const;
template std::vector<double> Tensor::to_vector() const;
template std::vector<std::int32_t> Tensor::to_vector() const;

}  // namespace wavenet
