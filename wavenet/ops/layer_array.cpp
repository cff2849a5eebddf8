#include "wavenet/ops/layer_array.h"

#include <memory>
#include <utility>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/array_plan.h"
#include "wavenet/ops/causal_conv1d.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

void check_weight(const char* name, const Tensor& weight, const Shape& shape, DType dtype) {
  check(weight.defined() && weight.shape() == shape && weight.dtype() == dtype &&
            weight.is_contiguous(),
        "layer_array: {} must be {} {}, got {}", name, dtype, shape,
        weight.defined() ? weight.shape() : Shape{});
}

// A sequence [B, R, T] that is at least as long as what is read of it.
void check_samples(const char* name, const Tensor& x, std::int64_t batch, std::int64_t rows,
                   std::int64_t length, DType dtype) {
  check(x.rank() == 3 && x.size(0) == batch && x.size(1) == rows && x.size(2) >= length &&
            x.dtype() == dtype,
        "layer_array: {} must be {} [{}, {}, at least {}], got {} {}", name, dtype, batch, rows,
        length, x.dtype(), x.shape());
}

void check_shapes(const LayerArrayInputs& inputs, const LayerArrayWeights& w,
                  const LayerArrayGeometry& geometry) {
  const Tensor& x = inputs.x;
  check(x.rank() == 3 && x.numel() > 0 && is_float(x.dtype()), "layer_array: x is {} {}", x.dtype(),
        x.shape());
  check(!w.layers.empty() && w.layers.size() == geometry.layers.size(),
        "layer_array: {} layers, weights of {}", geometry.layers.size(), w.layers.size());
  check(w.rechannel.defined() && w.rechannel.rank() == 3 && w.head.weight.defined() &&
            w.head.weight.rank() == 3 && inputs.condition.defined() && inputs.condition.rank() == 3,
        "layer_array: rechannel, head and condition have three dimensions");
  const std::int64_t channels = w.rechannel.size(0);
  const std::int64_t width = w.head.weight.size(1);
  const std::int64_t condition = inputs.condition.size(1);
  check_weight("rechannel", w.rechannel, {channels, x.size(1), 1}, x.dtype());
  check_weight("head", w.head.weight, w.head.weight.shape(), x.dtype());
  if (w.head.bias.defined()) {
    check_weight("the head's bias", w.head.bias, {w.head.weight.size(0)}, x.dtype());
  }
  for (std::size_t l = 0; l < w.layers.size(); ++l) {
    const ArrayLayerWeights& layer = w.layers[l];
    check(layer.conv.weight.defined() && layer.conv.weight.rank() == 3,
          "layer_array: conv has three dimensions");
    check_weight("conv", layer.conv.weight, {width, channels, layer.conv.weight.size(2)},
                 x.dtype());
    check_weight("the bias of conv", layer.conv.bias, {width}, x.dtype());
    check_weight("mixin", layer.mixin, {width, condition, 1}, x.dtype());
    check_weight("out", layer.out.weight, {channels, width, 1}, x.dtype());
    check_weight("the bias of out", layer.out.bias, {channels}, x.dtype());
    check(geometry.layers[l].dilation >= 1 && geometry.layers[l].dilation <= kMaxDilation,
          "layer_array: a dilation must be from 1 to {}, got {}", kMaxDilation,
          geometry.layers[l].dilation);
  }
  check(geometry.head_dilation >= 1 && geometry.head_dilation <= kMaxDilation &&
            geometry.at_once >= 1 && geometry.x_length >= 0 && geometry.head_length >= 1,
        "layer_array: {} samples of the head and {} of x are wanted, {} at once, a head of "
        "dilation {}",
        geometry.head_length, geometry.x_length, geometry.at_once, geometry.head_dilation);
}

std::vector<std::int64_t> kernels_of(const LayerArrayWeights& w) {
  std::vector<std::int64_t> kernels;
  for (const ArrayLayerWeights& layer : w.layers) {
    kernels.push_back(layer.conv.weight.size(2));
  }
  return kernels;
}

}  // namespace

LayerArrayReach reach_of(const std::vector<std::int64_t>& kernels, std::int64_t head_kernel,
                         const LayerArrayGeometry& geometry) {
  LayerArrayReach reach;
  reach.head_sum = geometry.head_length + (head_kernel - 1) * geometry.head_dilation;
  reach.x = std::max(geometry.x_length, reach.head_sum);
  for (std::size_t l = 0; l < kernels.size(); ++l) {
    reach.x += (kernels[l] - 1) * geometry.layers[l].dilation;
  }
  return reach;
}

// One op with two results: that of x comes later in the record, so its gradient is there, in `dx`,
// when the way back from the head takes both.
LayerArrayOutput layer_array(const LayerArrayInputs& given, const LayerArrayWeights& weights,
                             const LayerArrayGeometry& geometry) {
  check_shapes(given, weights, geometry);
  const LayerArrayInputs inputs{contiguous(given.x), contiguous(given.condition),
                                given.head_sum.defined() ? contiguous(given.head_sum) : Tensor()};
  const std::int64_t batch = inputs.x.size(0);
  const DType dtype = inputs.x.dtype();
  const LayerArrayReach reach =
      reach_of(kernels_of(weights), weights.head.weight.size(2), geometry);
  const ArrayPlan plan(inputs, weights, geometry);
  check_samples("x", inputs.x, batch, plan.in, reach.x, dtype);
  check_samples("condition", inputs.condition, batch, plan.condition,
                plan.end - plan.layers[0].from, dtype);
  if (inputs.head_sum.defined()) {
    check_samples("head_sum", inputs.head_sum, batch, plan.width, reach.head_sum, dtype);
  }
  const auto samples = [&](std::int64_t rows, std::int64_t length) {
    return Tensor::empty({batch, rows, length}, dtype);
  };
  ArrayMemory tensors{inputs, weights, {}, samples(plan.width, reach.head_sum), {}};
  tensors.outputs.head = samples(plan.head, geometry.head_length);
  if (geometry.x_length > 0) {
    tensors.outputs.x = samples(plan.channels, geometry.x_length);
  }
  if (grad_enabled()) {
    for (std::int64_t item = 0; item < batch; ++item) {
      tensors.kept.push_back(Tensor::empty(
          {plan.ranges() * std::ssize(plan.layers), plan.width, plan.at_once}, dtype));
    }
  }
  run_array(plan, tensors);
  LayerArrayOutput y = std::exchange(tensors.outputs, {});
  const auto dx = std::make_shared<Tensor>();
  autograd::record("layer_array", y.head, inputs_of(tensors),
                   [plan, tensors, dx](const Tensor& dhead, const autograd::InputGradients& d) {
                     run_array_back(plan, tensors, {*dx, dhead}, d);
                     *dx = Tensor();
                   });
  if (y.x.defined()) {
    autograd::record(
        "layer_array", y.x, {y.head},
        [dx, head = y.head.meta()](const Tensor& given_dx, const autograd::InputGradients& d) {
          *dx = given_dx;
          if (!head->grad.defined()) {
            d.zeroed(0);  // so that the walk goes by there
          }
        });
  }
  return y;
}

}  // namespace wavenet
