// Tensor: a cheap handle on shared storage with a type, a shape and strides. Copying a handle
// copies no element; two handles on one storage see each other's writes.
//
//   Tensor x = Tensor::zeros({32, 8, 24});                        // f32
//   Tensor t = Tensor::from(std::vector<float>{1, 2, 3, 4}, {2, 2});
//   double nats = loss.item();  std::vector<float> all = x.to_vector<float>();
//
// Left out: arithmetic (ops/), gradients (autograd/); the handle only carries a gradient's place.
#pragma once

#include <memory>
#include <vector>

#include "wavenet/tensor/storage.h"
#include "wavenet/tensor/view.h"

namespace wavenet {

namespace autograd {
struct Meta;  // what autograd knows of a tensor
}

class Tensor {
 public:
  Tensor() = default;

  // Row-major, elements not initialised.
  static Tensor empty(const Shape& shape, DType dtype = DType::f32);
  static Tensor zeros(const Shape& shape, DType dtype = DType::f32);
  // Copies `values`, row-major; their number must be the shape's.
  template <class T>
  static Tensor from(const std::vector<T>& values, const Shape& shape);
  // A 0-dimensional tensor.
  static Tensor scalar(double value, DType dtype = DType::f32);

  bool defined() const { return storage_ != nullptr; }
  const View& view() const& { return view_; }
  operator const View&() const& { return view_; }  // kernels take views
  // A temporary tensor gives no view, which could outlive its memory: name the tensor.
  const View& view() const&& = delete;
  operator const View&() const&& = delete;
  const Shape& shape() const { return view_.shape; }
  int rank() const { return view_.rank(); }
  std::int64_t size(int dim) const { return view_.shape[dim]; }
  std::int64_t numel() const { return view_.numel(); }
  DType dtype() const { return view_.dtype; }
  bool is_contiguous() const { return view_.is_contiguous(); }

  // Whether another handle stands on the same storage.
  bool shares_storage() const { return storage_.use_count() > 1; }

  // The first element's address; walk it with strides unless is_contiguous().
  template <class T>
  T* data() const {
    return view_.as<T>();
  }
  // All elements, row-major, whatever the strides.
  template <class T>
  std::vector<T> to_vector() const;
  // The value of a tensor of one element.
  double item() const;

  // A row-major copy in storage of its own, without a gradient.
  Tensor clone() const;
  // The same storage under another view, which must lie inside it; it carries no gradient.
  Tensor with_view(const View& view) const;
  // The same storage and view without a gradient.
  Tensor detach() const { return with_view(view_); }

  const std::shared_ptr<autograd::Meta>& meta() const { return meta_; }
  void set_meta(std::shared_ptr<autograd::Meta> meta) { meta_ = std::move(meta); }

 private:
  std::shared_ptr<Storage> storage_;
  View view_;
  std::shared_ptr<autograd::Meta> meta_;
};

}  // namespace wavenet
