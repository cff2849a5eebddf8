#include "wavenet/ops/reduce.h"

#include <algorithm>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

std::vector<int> checked_dims(const char* name, const Tensor& x, const std::vector<int>& dims) {
  check(is_float(x.dtype()), "{}: works on f32 and f64, not on {}", name, x.dtype());
  std::vector<int> checked;
  for (int dim : dims) {
    check(dim >= -x.rank() && dim < x.rank(), "{}: dimension {} is outside {}", name, dim,
          x.shape());
    checked.push_back(dim < 0 ? dim + x.rank() : dim);
  }
  for (int dim = 0; dims.empty() && dim < x.rank(); ++dim) {
    checked.push_back(dim);
  }
  std::sort(checked.begin(), checked.end());
  check(std::adjacent_find(checked.begin(), checked.end()) == checked.end(),
        "{}: a dimension of {} is named twice", name, x.shape());
  return checked;
}

Tensor sum_keeping(const Tensor& x, const std::vector<int>& dims) {
  Shape shape = x.shape();
  for (int dim : dims) {
    shape[dim] = 1;
  }
  Tensor y = Tensor::zeros(shape, x.dtype());
  backend().sum(x, y);
  autograd::record("sum", y, {x}, [from = x.shape()](const Tensor& dy, const InputGradients& dx) {
    backend().accumulate(broadcast(dy, from), dx.zeroed(0));
  });
  return y;
}

Tensor without(Tensor y, const std::vector<int>& dims) {
  for (auto dim = dims.rbegin(); dim != dims.rend(); ++dim) {
    y = squeeze(y, *dim);
  }
  return y;
}

double count(const Tensor& x, const std::vector<int>& dims) {
  double n = 1;
  for (int dim : dims) {
    n *= static_cast<double>(x.size(dim));
  }
  return n;
}

}  // namespace

Tensor sum(const Tensor& x, const std::vector<int>& dims, bool keepdim) {
  const std::vector<int> over = checked_dims("sum", x, dims);
  const Tensor y = sum_keeping(x, over);
  return keepdim ? y : without(y, over);
}

Tensor mean(const Tensor& x, const std::vector<int>& dims, bool keepdim) {
  const std::vector<int> over = checked_dims("mean", x, dims);
  check(count(x, over) > 0, "mean: no values in {}", x.shape());
  const Tensor y = sum_keeping(x, over) / count(x, over);
  return keepdim ? y : without(y, over);
}

Tensor var(const Tensor& x, const std::vector<int>& dims, bool keepdim) {
  const std::vector<int> over = checked_dims("var", x, dims);
  const double n = count(x, over);
  check(n >= 2, "var: needs at least 2 values, {} gives {}", x.shape(), n);
  const Tensor distance = x - sum_keeping(x, over) / n;
  const Tensor y = sum_keeping(distance * distance, over) / (n - 1);
  return keepdim ? y : without(y, over);
}

}  // namespace wavenet
