#include "wavenet/ops/matmul.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// a: [M, K], b: [K, N] -> [M, N]
Tensor matmul_2d(const Tensor& a, const Tensor& b) {
  Tensor y = Tensor::empty({a.size(0), b.size(1)}, a.dtype());
  backend().gemm(a, b, y, Into::overwrite);
  autograd::record("matmul", y, {a, b}, [](const Tensor& dy, const InputGradients& d) {
    if (const Gradient da = d[0]; da.wanted()) {
      backend().gemm(dy, transposed(d.input(1), 0, 1), da.to, da.into);
    }
    if (const Gradient db = d[1]; db.wanted()) {
      backend().gemm(transposed(d.input(0), 0, 1), dy, db.to, db.into);
    }
  });
  return y;
}

// a: [L, M, K], b: [L, K, N] -> [L, M, N], one product after the other.
Tensor matmul_batched(const Tensor& a, const Tensor& b) {
  Tensor y = Tensor::empty({a.size(0), a.size(1), b.size(2)}, a.dtype());
  const auto at = [](const View& v, std::int64_t l) {
    return squeezed(sliced(v, 0, l, l + 1, 1), 0);
  };
  for (std::int64_t l = 0; l < a.size(0); ++l) {
    backend().gemm(at(a, l), at(b, l), at(y, l), Into::overwrite);
  }
  autograd::record("matmul", y, {a, b}, [at](const Tensor& dy, const InputGradients& d) {
    const Gradient da = d[0];
    const Gradient db = d[1];
    for (std::int64_t l = 0; l < dy.size(0); ++l) {
      if (da.wanted()) {
        backend().gemm(at(dy, l), transposed(at(d.input(1), l), 0, 1), at(da.to, l), da.into);
      }
      if (db.wanted()) {
        backend().gemm(transposed(at(d.input(0), l), 0, 1), at(dy, l), at(db.to, l), db.into);
      }
    }
  });
  return y;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  check(a.dtype() == b.dtype() && is_float(a.dtype()), "matmul: operands of {} and {}", a.dtype(),
        b.dtype());
  check(a.rank() >= 2 && b.rank() >= 2, "matmul: needs at least 2 dimensions, got {} and {}",
        a.shape(), b.shape());
  check(a.size(-1) == b.size(-2), "matmul: the last size of {} must be the one before last of {}",
        a.shape(), b.shape());
  Shape shape = a.shape();
  shape[-1] = b.size(-1);
  if (b.rank() == 2) {
    return reshape(matmul_2d(reshape(a, {-1, a.size(-1)}), b), shape);
  }
  check(a.rank() == b.rank(), "matmul: {} and {} differ in rank", a.shape(), b.shape());
  for (int d = 0; d < a.rank() - 2; ++d) {
    check(a.size(d) == b.size(d), "matmul: {} and {} differ in dimension {}", a.shape(), b.shape(),
          d);
  }
  return reshape(matmul_batched(reshape(a, {-1, a.size(-2), a.size(-1)}),
                                reshape(b, {-1, b.size(-2), b.size(-1)})),
                 shape);
}

}  // namespace wavenet
