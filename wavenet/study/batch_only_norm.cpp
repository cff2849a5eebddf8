#include "wavenet/study/batch_only_norm.h"

#include "wavenet/backend/backend.h"
#include "wavenet/ops/batch_norm.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/view.h"

namespace wavenet::study {
namespace {

constexpr double kEps = 1e-5;
constexpr double kMomentum = 0.1;

Shape statistics(std::int64_t length, std::int64_t channels) {
  return length == 1 ? Shape{1, channels} : Shape{1, length, channels};
}

}  // namespace

BatchNormOverBatchOnly::BatchNormOverBatchOnly(std::int64_t length, std::int64_t channels)
    : weight_(add_parameter("weight", ones({channels}))),
      bias_(add_parameter("bias", zeros({channels}))),
      running_mean_(add_buffer("running_mean", zeros(statistics(length, channels)))),
      running_var_(add_buffer("running_var", ones(statistics(length, channels)))) {}

// Over B alone is what the right norm does to rows of T C channels, here left unscaled.
Tensor BatchNormOverBatchOnly::normalised(const Tensor& x) const {
  if (!training()) {
    return (x - running_mean_) / sqrt(running_var_ + kEps);
  }
  const Tensor rows = reshape(x, {x.size(0), -1});  // [B, T C]
  const Shape all{rows.size(1)};
  const BatchNormed normed = batch_norm(rows, ones(all), zeros(all), kEps);
  const Tensor mean = reshape(running_mean_, all);
  const Tensor variance = reshape(running_var_, all);
  backend().ema_step(normed.mean, 1 - kMomentum, mean);
  backend().ema_step(normed.variance, 1 - kMomentum, variance);
  return reshape(normed.y, x.shape());
}

Tensor BatchNormOverBatchOnly::forward(const Tensor& x) {
  Shape one = x.shape();
  one[0] = 1;
  check(one == running_mean_.shape(), "batch_norm over B alone: keeps statistics {}, x is {}",
        running_mean_.shape(), x.shape());
  return normalised(x) * weight_ + bias_;
}

}  // namespace wavenet::study
