// CausalConv1d: a Linear slid along time, looking back only (van den Oord et al. 2016,
// section 2.1).
//
//   nn::CausalConv1d conv(24, 128, rng, {.width = 2, .dilation = 4});
//   Tensor y = conv(x);   // x: [B, T, 24] -> [B, T, 128]
//
// Left out: what a step of generation keeps of the past (generate/stream.h).
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/nn/module.h"
#include "wavenet/ops/causal_conv1d.h"
#include "wavenet/tensor/inputs.h"

namespace wavenet::nn {

struct CausalConv1dOptions {
  std::int64_t width = 2;
  std::int64_t dilation = 1;
  bool bias = true;
  Padding padding = Padding::first;
};

// x: [B, T, Cin] -> [B, T, Cout]; weight [K Cin, Cout] from N(0, 1) / sqrt(K Cin), the oldest tap
// first; bias [Cout] of zeros.
class CausalConv1d : public Layer {
 public:
  CausalConv1d(std::int64_t in, std::int64_t out, Rng& rng, CausalConv1dOptions options = {});
  std::string kind() const override;
  using Layer::operator();
  // The rows from rows.past on, [B, T - past, Cout]; what leads only to those before is not
  // computed. `addend`, [B, T - past, Cout] or [B, 1, Cout], is added in the same product.
  Tensor operator()(const Tensor& x, const Rows& rows, const Tensor& addend = {});
  const Tensor& weight() const { return weight_; }
  const Tensor& bias() const { return bias_; }
  const ConvGeometry& geometry() const { return geometry_; }

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  ConvGeometry geometry_;
  Tensor weight_;
  Tensor bias_;  // undefined without one
};

}  // namespace wavenet::nn
