// Batch norm over the rows of tree-76k's first level at batch 32, there and back.
#include <cmath>
#include <memory>

#include "bench/kernels/cases.h"
#include "wavenet/backend/cpu/kernels.h"

#ifdef WAVENET_BENCH_ONEDNN
#include "bench/kernels/onednn.h"
#endif

namespace wavenet::bench {
namespace {

constexpr std::int64_t kRows = 128;
constexpr std::int64_t kChannels = 128;
constexpr std::int64_t kCount = kRows * kChannels;
constexpr double kEps = 1e-5;

struct Operands {
  Buffer x = noise(kCount, 1);
  Buffer dy = noise(kCount, 2);
  Buffer weight = noise(kChannels, 3);
  Buffer bias = noise(kChannels, 4);
  Buffer mean = zeros(kChannels);
  Buffer variance = zeros(kChannels);
  Buffer y = zeros(kCount);
  Buffer dx = zeros(kCount);
  Buffer dweight = zeros(kChannels);
  Buffer dbias = zeros(kChannels);
};

struct Sides {
  Side forward;
  Side backward;
};

// One after the other, that of the weight times `scale`.
Buffer gradients(Buffer dx, const Buffer& dweight, const Buffer& dbias, float scale) {
  for (const float value : dweight) {
    dx.push_back(scale * value);
  }
  dx.insert(dx.end(), dbias.begin(), dbias.end());
  return dx;
}

Sides ours() {
  const auto o = std::make_shared<Operands>();
  const auto forward = [=] {
    cpu::batch_norm(o->x.data(), o->weight.data(), o->bias.data(), kEps, o->y.data(),
                    o->mean.data(), o->variance.data(), kRows, kChannels);
  };
  const auto backward = [=] {
    cpu::batch_norm_backward(o->x.data(), o->weight.data(), o->mean.data(), o->variance.data(),
                             kEps, o->dy.data(), {o->dx.data(), false}, {o->dweight.data(), false},
                             {o->dbias.data(), false}, kRows, kChannels);
  };
  forward();  // the way back reads mean and variance
  return {{"ours", forward, [=] { return o->y; }},
          {"ours", backward, [=] { return gradients(o->dx, o->dweight, o->dbias, 1); }}};
}

#ifdef WAVENET_BENCH_ONEDNN
// [N, C] goes in as one image, N high, as that has a fast kernel. oneDNN divides by the
// root of the biased variance, N - 1 N-ths of ours: with its weight and eps made smaller to match,
// both compute the same numbers.
Sides onednn() {
  using dnnl::memory;
  constexpr double kBiased = static_cast<double>(kRows - 1) / kRows;
  const auto shrink = static_cast<float>(std::sqrt(kBiased));
  const auto eps = static_cast<float>(kEps * kBiased);
  // Weight and bias are one tensor, and so are their gradients.
  struct Packed : Operands {
    Buffer weight_and_bias;
    Buffer gradient = zeros(2 * kChannels);
  };
  const auto o = std::make_shared<Packed>();
  for (const float weight : o->weight) {
    o->weight_and_bias.push_back(shrink * weight);
  }
  o->weight_and_bias.insert(o->weight_and_bias.end(), o->bias.begin(), o->bias.end());

  const memory::desc image = tensor({1, kChannels, kRows, 1}, memory::format_tag::nhwc);
  const memory::desc channels = tensor({kChannels}, memory::format_tag::a);
  const memory::desc pair = tensor({2, kChannels}, memory::format_tag::nc);
  const auto flags = dnnl::normalization_flags::use_scale_shift;
  const dnnl::batch_normalization_forward::primitive_desc there(
      {dnnl::prop_kind::forward_training, image, eps, flags}, engine());
  const dnnl::batch_normalization_backward::primitive_desc back(
      {dnnl::prop_kind::backward, image, image, eps, flags}, engine(), there);

  const auto forward = prepared(dnnl::batch_normalization_forward(there),
                                {{DNNL_ARG_SRC, memory_of(image, o->x)},
                                 {DNNL_ARG_SCALE_SHIFT, memory_of(pair, o->weight_and_bias)},
                                 {DNNL_ARG_MEAN, memory_of(channels, o->mean)},
                                 {DNNL_ARG_VARIANCE, memory_of(channels, o->variance)},
                                 {DNNL_ARG_DST, memory_of(image, o->y)}});
  const auto backward = prepared(dnnl::batch_normalization_backward(back),
                                 {{DNNL_ARG_SRC, memory_of(image, o->x)},
                                  {DNNL_ARG_SCALE_SHIFT, memory_of(pair, o->weight_and_bias)},
                                  {DNNL_ARG_MEAN, memory_of(channels, o->mean)},
                                  {DNNL_ARG_VARIANCE, memory_of(channels, o->variance)},
                                  {DNNL_ARG_DIFF_DST, memory_of(image, o->dy)},
                                  {DNNL_ARG_DIFF_SRC, memory_of(image, o->dx)},
                                  {DNNL_ARG_DIFF_SCALE_SHIFT, memory_of(pair, o->gradient)}});
  const auto result = [=] {
    const auto middle = o->gradient.begin() + kChannels;
    return gradients(o->dx, {o->gradient.begin(), middle}, {middle, o->gradient.end()}, shrink);
  };
  forward();
  return {{"oneDNN", forward, [=] { return o->y; }, there.impl_info_str()},
          {"oneDNN", backward, result, back.impl_info_str()}};
}
#endif

}  // namespace

void add_batch_norm() {
  std::vector<Sides> all{ours()};
#ifdef WAVENET_BENCH_ONEDNN
  all.push_back(onednn());
#endif
  std::vector<Side> forward;
  std::vector<Side> backward;
  for (const Sides& sides : all) {
    forward.push_back(sides.forward);
    backward.push_back(sides.backward);
  }
  add("sweep", "batch norm", "128x128", floats(2 * kCount + 4 * kChannels), forward);
  add("sweep", "batch norm backward", "128x128", floats(3 * kCount + 5 * kChannels), backward);
}

}  // namespace wavenet::bench
