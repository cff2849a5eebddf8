// The WaveNet's ops, blocks and whole model against PyTorch 1.13: outputs, losses, gradients. The
// expected tensors are made by python/make_wavenet_goldens.py.
#include "tests/nn/golden.h"

namespace {

using namespace wavenet;
using golden::Case;

Case wavenet_case(const std::string& name) {
  static const io::SafeTensors file = golden::read("wavenet");
  return {file, name, 1e-5F};
}

Rng& some_rng() {
  static Rng rng(1);
  return rng;
}

void expect_convolution(const std::string& name, const ConvGeometry& geometry) {
  SCOPED_TRACE(name);
  golden::expect_op(wavenet_case(name), {"x", "weight", "bias"},
                    [&](const auto& x) { return causal_conv1d(x[0], x[1], x[2], geometry); });
}

TEST(WaveNetGolden, CausalConv1d) {
  // The last reaches back further than the sequence is long.
  for (const auto& [width, dilation] :
       {std::pair{2, 1}, {2, 2}, {2, 4}, {3, 1}, {3, 2}, {5, 2}, {1, 1}, {3, 8}}) {
    expect_convolution(fmt::format("causal_conv1d_k{}_d{}", width, dilation),
                       {.width = width, .dilation = dilation, .padding = Padding::first});
  }
}

TEST(WaveNetGolden, CausalConv1dPaddedWithZeros) {
  for (const auto& [width, dilation] : {std::pair{2, 1}, {2, 4}, {3, 2}, {3, 8}}) {
    expect_convolution(fmt::format("causal_conv1d_k{}_d{}_zero", width, dilation),
                       {.width = width, .dilation = dilation, .padding = Padding::zero});
  }
}

TEST(WaveNetGolden, CausalConv1dWithoutABias) {
  golden::expect_op(
      wavenet_case("causal_conv1d_k2_d2_no_bias"), {"x", "weight"},
      [](const auto& x) { return causal_conv1d(x[0], x[1], {}, {.width = 2, .dilation = 2}); });
}

TEST(WaveNetGolden, Gate) {
  golden::expect_op(wavenet_case("gate"), {"filter", "gate"},
                    [](const auto& x) { return gate(x[0], x[1]); });
}

void expect_loss(const std::string& name, double label_smoothing) {
  const Case golden = wavenet_case(name);
  const Tensor logits = golden.input("logits");
  const Tensor loss = cross_entropy(logits, golden["targets"], label_smoothing);
  golden.expect(loss, "loss");
  backward(loss);
  golden.expect(grad(logits), "dlogits");
}

TEST(WaveNetGolden, CrossEntropyOfTheRowsThatHaveATarget) {
  expect_loss("cross_entropy", 0);
  expect_loss("cross_entropy_smoothed", 0.1);
}

TEST(WaveNetGolden, GatedResidualBlock) {
  const Case golden = wavenet_case("block");
  nn::GatedResidualBlock block(some_rng(), {.residual = 6, .skip = 9, .width = 2, .dilation = 2});
  golden::load(golden, block);
  const Tensor x = golden.input("x");
  const auto [y, skip] = block.run(x, {}, {});
  golden.expect(y, "y");
  golden.expect(skip, "skip");
  backward(sum(y * golden["dy"]) + sum(skip * golden["dskip"]));
  golden.expect(grad(x), "dx");
  golden::expect_parameter_gradients(golden, block, "d");
}

TEST(WaveNetGolden, LastBlockHasNoResidual) {
  const Case golden = wavenet_case("last_block");
  nn::GatedResidualBlock block(some_rng(),
                               {.residual = 6, .skip = 9, .width = 2, .dilation = 2, .last = true});
  EXPECT_EQ(block.parameters().size(), 6U);  // weight and bias of filter, gate and skip
  golden::load(golden, block);
  const Tensor x = golden.input("x");
  const auto [y, skip] = block.run(x, {}, {});
  EXPECT_FALSE(y.defined());
  golden.expect(skip, "skip");
  backward(skip, golden["dskip"]);
  golden.expect(grad(x), "dx");
  golden::expect_parameter_gradients(golden, block, "d");
}

// [B, T, V] and [B, T] -> the mean over the real targets.
Tensor loss_of(const Tensor& logits, const Tensor& targets, double label_smoothing = 0) {
  return cross_entropy(reshape(logits, {-1, logits.size(2)}), reshape(targets, {-1}),
                       label_smoothing);
}

TEST(WaveNetGolden, WholeModel) {
  const Case golden = wavenet_case("wavenet");
  models::WaveNet model({.vocabulary = 11,
                         .embedding = 5,
                         .residual = 6,
                         .skip = 9,
                         .width = 2,
                         .dilations = {1, 2, 4}},
                        some_rng());
  golden::load(golden, model, "param/");
  const Tensor logits = model(golden["tokens"]);
  golden.expect(logits, "logits");
  const Tensor loss = loss_of(logits, golden["targets"]);
  golden.expect(loss, "loss");
  backward(loss);
  golden::expect_parameter_gradients(golden, model, "grad/");

  const Tensor leaf = golden.input("logits");
  backward(loss_of(leaf, golden["targets"]));
  golden.expect(grad(leaf), "dlogits");
  const Tensor smooth_leaf = golden.input("logits");
  const Tensor smoothed = loss_of(smooth_leaf, golden["targets"], 0.1);
  golden.expect(smoothed, "smoothed_loss");
  backward(smoothed);
  golden.expect(grad(smooth_leaf), "smoothed_dlogits");
}

}  // namespace
