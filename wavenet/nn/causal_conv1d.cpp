#include "wavenet/nn/causal_conv1d.h"

#include "wavenet/nn/init.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/elementwise.h"

namespace wavenet::nn {
namespace {

// The first layer of a stack is checked where its values come from, a recipe; this is for callers
// of the library.
const CausalConv1dOptions& checked(const CausalConv1dOptions& options) {
  check(options.width >= 1 && options.dilation >= 1,
        "causal_conv1d: width and dilation must be at least 1, got {} and {}", options.width,
        options.dilation);
  return options;
}

}  // namespace

CausalConv1d::CausalConv1d(std::int64_t in, std::int64_t out, Rng& rng, CausalConv1dOptions options)
    : geometry_{checked(options).width, options.dilation, options.padding},
      weight_(add_parameter("weight", linear_weight(options.width * in, out, rng, 1))) {
  if (options.bias) {
    bias_ = add_parameter("bias", zeros({out}));
  }
}

std::string CausalConv1d::kind() const {
  return fmt::format("CausalConv1d({}, {})", geometry_.width, geometry_.dilation);
}

Tensor CausalConv1d::operator()(const Tensor& x, const Rows& rows, const Tensor& addend) {
  ConvGeometry geometry = geometry_;
  geometry.from = rows.past;
  geometry.starts = rows.starts;
  if (addend.defined() && Trace::is_on()) {  // which is to see the layer's own result
    return seen(causal_conv1d(x, weight_, bias_, geometry)) + addend;
  }
  return seen(causal_conv1d(x, weight_, bias_, geometry, addend));
}

Tensor CausalConv1d::forward(const Tensor& x) {
  return causal_conv1d(x, weight_, bias_, geometry_);
}

}  // namespace wavenet::nn
