#include "wavenet/ops/dropout.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/view.h"

namespace wavenet {

Tensor dropout(const Tensor& x, double p, std::uint64_t key) {
  check(p >= 0 && p < 1, "dropout: the probability must be in [0, 1), got {}", p);
  check(is_float(x.dtype()), "dropout: works on f32 and f64, not on {}", x.dtype());
  const Tensor from = contiguous(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().dropout(p, key, from, y, Into::overwrite);
  autograd::record("dropout", y, {from},
                   [p, key](const Tensor& dy, const autograd::InputGradients& dx) {
                     const Gradient to = dx[0];
                     backend().dropout(p, key, dy, to.to, to.into);
                   });
  return y;
}

}  // namespace wavenet
