#include "wavenet/ops/create.h"

#include "wavenet/backend/backend.h"

namespace wavenet {

Tensor zeros(const Shape& shape, DType dtype) { return Tensor::zeros(shape, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return full(shape, 1, dtype); }

Tensor full(const Shape& shape, double value, DType dtype) {
  Tensor x = Tensor::empty(shape, dtype);
  backend().fill(value, x);
  return x;
}

Tensor randn(const Shape& shape, Rng& rng, DType dtype) {
  Tensor x = Tensor::empty(shape, dtype);
  dispatch_float(dtype, [&]<class T>() {
    rng.fill_normal(std::span<T>(x.data<T>(), static_cast<std::size_t>(x.numel())));
  });
  return x;
}

}  // namespace wavenet
