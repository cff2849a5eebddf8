#include "wavenet/nn/layers.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/nn/init.h"
#include "wavenet/ops/batch_norm.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/embedding.h"
#include "wavenet/ops/linear.h"
#include "wavenet/ops/view.h"

namespace wavenet::nn {

Linear::Linear(std::int64_t in, std::int64_t out, Rng& rng, LinearOptions options)
    : weight_(add_parameter("weight", linear_weight(in, out, rng, options.gain))) {
  if (options.bias) {
    bias_ = add_parameter("bias", zeros({out}));
  }
}

Tensor Linear::forward(const Tensor& x) { return linear(x, weight_, bias_); }

Tensor Linear::added_to(const Tensor& addend, const Tensor& x) {
  if (Trace::is_on()) {  // which is to see the layer's own result
    const Tensor y = (*this)(x);
    return addend.defined() ? addend + y : y;
  }
  return linear(x, weight_, bias_, addend);
}

BatchNorm1d::BatchNorm1d(std::int64_t channels, double eps, double momentum)
    : eps_(eps),
      momentum_(momentum),
      weight_(add_parameter("weight", ones({channels}))),
      bias_(add_parameter("bias", zeros({channels}))),
      running_mean_(add_buffer("running_mean", zeros({channels}))),
      running_var_(add_buffer("running_var", ones({channels}))) {}

BatchNorm1d::Affine BatchNorm1d::evaluation() const {
  const Tensor scale = weight_ / sqrt(running_var_ + eps_);
  return {scale, bias_ - running_mean_ * scale};
}

Tensor BatchNorm1d::forward(const Tensor& x) {
  check((x.rank() == 2 || x.rank() == 3) && x.size(-1) == weight_.size(0),
        "batch_norm: expects [B, {0}] or [B, T, {0}], x is {1}", weight_.size(0), x.shape());
  if (!training()) {
    const Affine map = evaluation();
    return x * map.scale + map.shift;
  }
  check(x.numel() > x.size(-1),
        "batch_norm: {} is one row, which has no variance to train by; train.batch_size must be at "
        "least 2",
        x.shape());
  const BatchNormed normed = batch_norm(x, weight_, bias_, eps_);
  backend().ema_step(normed.mean, 1 - momentum_, running_mean_);
  backend().ema_step(normed.variance, 1 - momentum_, running_var_);
  return normed.y;
}

Tensor Tanh::forward(const Tensor& x) { return tanh(x); }
Tensor Relu::forward(const Tensor& x) { return relu(x); }

Embedding::Embedding(std::int64_t vocabulary, std::int64_t channels, Rng& rng)
    : weight_(add_parameter("weight", randn({vocabulary, channels}, rng))) {}

Tensor Embedding::forward(const Tensor& tokens) { return embedding(weight_, tokens); }

Tensor Flatten::forward(const Tensor& x) {
  check(x.rank() >= 2 && x.numel() > 0, "flatten: needs [B, ...], x is {}", x.shape());
  return reshape(x, {x.size(0), -1});
}

FlattenConsecutive::FlattenConsecutive(std::int64_t n) : n_(n) {
  check(n >= 1, "flatten_consecutive: n must be at least 1, got {}", n);
}

std::string FlattenConsecutive::kind() const { return fmt::format("FlattenConsecutive({})", n_); }

Tensor FlattenConsecutive::forward(const Tensor& x) {
  check(x.rank() == 3 && x.size(1) % n_ == 0,
        "flatten_consecutive: needs [B, T, C] with T a multiple of {}, x is {}", n_, x.shape());
  const std::int64_t channels = x.size(2) * n_;
  return x.size(1) == n_ ? reshape(x, {x.size(0), channels})
                         : reshape(x, {x.size(0), x.size(1) / n_, channels});
}

Tensor Sequential::forward(const Tensor& x) {
  Tensor y = x;
  for (Layer* layer : layers_) {
    y = (*layer)(y);
  }
  return y;
}

}  // namespace wavenet::nn
