// GatedResidualBlock: WaveNet's layer (van den Oord et al. 2016, sections 2.3 and 2.4, figure 4).
//
//            +------------------------------- + --> x, for the next block
//            |   +- filter - tanh -+          |
//        x --+---+                 x -- z --- residual (1x1)
//                +- gate - sigmoid +    |
//                                       +---- skip (1x1) --> added up over all blocks
//
//   nn::GatedResidualBlock block(rng, {.residual = 48, .skip = 72, .dilation = 4});
//   auto [y, skips] = block.run(x, {}, {});   // x: [B, T, 48] -> [B, T, 48] and [B, T, 72]
//
// Left out: conditioning on anything but x, for which CausalConv1d takes an addend.
#pragma once

#include "wavenet/nn/causal_conv1d.h"
#include "wavenet/nn/dropout.h"
#include "wavenet/nn/layers.h"

namespace wavenet::nn {

struct GatedResidualBlockOptions {
  std::int64_t residual;   // channels of x
  std::int64_t skip;       // channels of the skip connection
  std::int64_t width = 2;  // taps of filter and gate
  std::int64_t dilation = 1;
  double dropout = 0;  // of z
  bool last = false;   // the last block passes nothing on, so it has no residual 1x1
};

// The filter's tanh, on which the gate opens.
class GatedTanh : public Tanh {
 public:
  std::string kind() const override { return "GatedTanh"; }
};

class GatedResidualBlock : public Module {
 public:
  GatedResidualBlock(Rng& rng, const GatedResidualBlockOptions& options);
  std::string kind() const override { return "GatedResidualBlock"; }

  struct Output {
    Tensor x;      // [B, T - x_from, R]; undefined for the last block
    Tensor skips;  // [B, T - skip_from, S]: those before and this block's
  };
  // From which rows on each result is wanted, and where packed sequences begin (tensor/inputs.h).
  struct Wanted {
    std::int64_t x_from = 0;
    std::int64_t skip_from = 0;
    Starts starts{};
  };
  // x: [B, T, R], skips: [B, T - skip_from, S], undefined for the first block.
  Output run(const Tensor& x, const Tensor& skips, const Wanted& wanted);

  const CausalConv1d& filter() const { return filter_; }
  const CausalConv1d& gate() const { return gate_; }
  const Linear* residual() const { return residual_; }  // null for the last block
  const Linear& skip() const { return skip_; }
  bool drops() const { return dropout_.drops(); }
  // Rows that it looks back.
  std::int64_t reach() const {
    return (filter_.geometry().width - 1) * filter_.geometry().dilation;
  }

 private:
  CausalConv1d& filter_;
  CausalConv1d& gate_;
  GatedTanh& tanh_;  // of the filter, for a Trace
  Dropout& dropout_;
  Linear* residual_;
  Linear& skip_;
};

}  // namespace wavenet::nn
