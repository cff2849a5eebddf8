#include "wavenet/generate/products.h"

#include <algorithm>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

// Paddings other than the first row would need another state to start from.
const ConvGeometry& checked(const ConvGeometry& geometry) {
  check(geometry.padding == Padding::first,
        "stream: a convolution must begin with its first row as its past");
  return geometry;
}

}  // namespace

View matrix(const float* values, std::int64_t rows, std::int64_t columns) {
  // Kernels take one kind of view for what they read and what they write.
  return {const_cast<float*>(values), DType::f32, {rows, columns}, {columns, 1}};
}

TokenTable::TokenTable(const Tensor& embedding, const Tensor& weight, const Tensor& bias,
                       const ConvGeometry& geometry)
    : geometry_(checked(geometry)),
      vocabulary_(embedding.size(0)),
      channels_(weight.size(1)),
      rows_(static_cast<std::size_t>(geometry.width * vocabulary_ * channels_)) {
  const std::int64_t embedded = embedding.size(1);
  for (std::int64_t k = 0; k < geometry.width; ++k) {
    backend().gemm(embedding, sliced(weight, 0, k * embedded, (k + 1) * embedded, 1),
                   matrix(rows_.data() + k * vocabulary_ * channels_, vocabulary_, channels_),
                   Into::overwrite, k + 1 == geometry.width ? bias.view() : View{});
  }
}

Ring<std::int32_t> TokenTable::ring(std::int64_t count, std::int64_t slip) const {
  return {geometry_.width, geometry_.dilation, count, 1, slip};
}

void TokenTable::look_up(std::span<const std::int32_t> tokens, Ring<std::int32_t>& ring, float* y,
                         std::int64_t y_row) const {
  const auto row = [&](std::int64_t k, std::int32_t token) {
    return rows_.data() + (k * vocabulary_ + token) * channels_;
  };
  const std::int64_t last = geometry_.width - 1;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    float* to = y + static_cast<std::int64_t>(i) * y_row;
    const float* now = row(last, tokens[i]);
    std::copy(now, now + channels_, to);
    for (std::int64_t k = 0; k < last; ++k) {
      const float* from = row(k, ring.tap(k)[i]);
      for (std::int64_t c = 0; c < channels_; ++c) {
        to[c] += from[c];
      }
    }
  }
  std::copy(tokens.begin(), tokens.end(), ring.present());
}

RingConv::RingConv(const std::vector<models::Product>& parts, const ConvGeometry& geometry)
    : geometry_(checked(geometry)), in_(parts[0].weight.size(0) / geometry.width) {
  const NoGrad guard;
  std::vector<Tensor> weights;
  std::vector<Tensor> biases;
  for (const models::Product& part : parts) {
    weights.push_back(part.weight);
    biases.push_back(part.bias);
  }
  weight_ = cat(weights, 1);
  bias_ = cat(biases, 0);
}

Ring<float> RingConv::ring(std::int64_t count, std::int64_t slip) const {
  return {geometry_.width, geometry_.dilation, count, in_, slip};
}

// As many steps as make a product worth its reading of weights, where the taps stand so far back.
Ahead RingConv::ahead(std::int64_t count) const {
  constexpr std::int64_t kRows = 8;
  const std::int64_t steps = std::clamp<std::int64_t>(kRows / count, 1, geometry_.dilation);
  return {steps, count * channels()};
}

View RingConv::tap(std::int64_t k) const {
  return matrix(weight_.data<float>() + k * in_ * channels(), in_, channels());
}

const float* RingConv::past(const Ring<float>& ring, std::int64_t count, Ahead& ahead) const {
  if (ahead.is_empty()) {
    const std::int64_t steps = std::min(ahead.room(), ring.run(geometry_.width));
    const View y = matrix(ahead.begin(steps), steps * count, channels());
    if (geometry_.width == 1) {
      backend().copy(broadcast(bias_, y.shape), y);
    }
    for (std::int64_t k = 0; k + 1 < geometry_.width; ++k) {
      backend().gemm(matrix(ring.tap(k), steps * count, in_), tap(k), y,
                     k == 0 ? Into::overwrite : Into::add, k == 0 ? bias_.view() : View{});
    }
  }
  return ahead.now();
}

void RingConv::present(const Ring<float>& ring, std::int64_t count, const float* past,
                       float* y) const {
  backend().gemm(matrix(ring.present(), count, in_), last_tap(), matrix(y, count, channels()),
                 Into::overwrite, {}, matrix(past, count, channels()));
}

Affine::Affine(const models::Product& layer)
    // Copies, which training the model further does not reach.
    : weight_(layer.weight.clone()), bias_(layer.bias.clone()) {}

void Affine::apply(const float* x, std::int64_t count, float* y) const {
  backend().gemm(matrix(x, count, weight_.size(0)), weight_, matrix(y, count, weight_.size(1)),
                 Into::overwrite, bias_);
}

}  // namespace wavenet::generate
