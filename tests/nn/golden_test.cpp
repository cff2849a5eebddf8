// Every brick against PyTorch 1.13: outputs, gradients, running statistics. The expected tensors
// are made by python/make_goldens.py; a case's inputs stand beside its results.
#include "tests/nn/golden.h"

namespace {

using namespace wavenet;
using golden::Case;

Case bricks(const std::string& name) {
  static const io::SafeTensors file = golden::read("bricks");
  return {file, name, 4e-6F};  // a few last bits
}

void expect_op(const std::string& name, const std::vector<std::string>& inputs,
               const std::function<Tensor(const std::vector<Tensor>&)>& f) {
  golden::expect_op(bricks(name), inputs, f);
}

// The same through a layer, whose parameters take the file's values.
void expect_layer(const std::string& name, nn::Layer& layer) {
  const Case golden = bricks(name);
  golden::load(golden, layer);
  const Tensor x = golden.input("x");
  const Tensor y = layer(x);
  golden.expect(y, "y");
  backward(y, golden["dy"]);
  golden.expect(grad(x), "dx");
  golden::expect_parameter_gradients(golden, layer, "d");
}

Rng& any_rng() {
  static Rng rng(1);
  return rng;
}

TEST(Golden, Linear) {
  nn::Linear layer(12, 7, any_rng());
  expect_layer("linear", layer);
  nn::Linear flat(12, 7, any_rng());
  expect_layer("linear_2d", flat);
}

void expect_batch_norm(const std::string& name) {
  const Case golden = bricks(name);
  nn::BatchNorm1d layer(10);
  expect_layer(name, layer);
  const nn::NamedTensors running = layer.buffers();
  golden.expect(running[0].second, "running_mean_1");
  golden.expect(running[1].second, "running_var_1");
  golden.expect(layer(golden["x2"]), "y2");
  golden.expect(running[0].second, "running_mean_2");
  golden.expect(running[1].second, "running_var_2");
  layer.eval();
  golden.expect(layer(golden["x"]), "y_eval");
  golden.expect(running[0].second, "running_mean_2");  // evaluation leaves them alone
}

TEST(Golden, BatchNormOfTwoDimensions) { expect_batch_norm("batch_norm_2d"); }
TEST(Golden, BatchNormOfThreeDimensions) { expect_batch_norm("batch_norm_3d"); }

TEST(Golden, LayersWithoutParameters) {
  nn::Tanh tanh_layer;
  expect_layer("tanh", tanh_layer);
  nn::Flatten flatten;
  expect_layer("flatten", flatten);
  nn::FlattenConsecutive two(2);
  expect_layer("flatten_consecutive", two);
  nn::FlattenConsecutive eight(8);
  expect_layer("flatten_consecutive_squeeze", eight);
}

TEST(Golden, Embedding) {
  expect_op("embedding", {"weight"},
            [](const auto& x) { return embedding(x[0], bricks("embedding")["tokens"]); });
}

TEST(Golden, Softmax) {
  expect_op("softmax", {"x"}, [](const auto& x) { return softmax(x[0]); });
}

TEST(Golden, CrossEntropy) {
  const Case golden = bricks("cross_entropy");
  const Tensor logits = golden.input("logits");
  const Tensor loss = cross_entropy(logits, golden["targets"]);
  golden.expect(loss, "loss");
  backward(loss);
  golden.expect(grad(logits), "dlogits");
}

TEST(Golden, MeansAndVariances) {
  expect_op("mean_0", {"x"}, [](const auto& x) { return mean(x[0], {0}, true); });
  expect_op("mean_01", {"x"}, [](const auto& x) { return mean(x[0], {0, 1}, true); });
  expect_op("var_0", {"x"}, [](const auto& x) { return var(x[0], {0}, true); });
  expect_op("var_01", {"x"}, [](const auto& x) { return var(x[0], {0, 1}, true); });
}

TEST(Golden, SlicesWithAStepAndCat) {
  expect_op("slice_step", {"x"}, [](const auto& x) { return index(x[0], {{}, {.step = 2}}); });
  expect_op("cat", {"x"}, [](const auto& x) {
    const Tensor even = index(x[0], {{}, {.step = 2}});
    const Tensor odd = index(x[0], {{}, {.start = 1, .step = 2}});
    return cat({even, odd}, 2);
  });
}

TEST(Golden, MatrixProducts) {
  expect_op("matmul_leading", {"x", "w"}, [](const auto& x) { return matmul(x[0], x[1]); });
  expect_op("matmul_batched", {"x", "w"}, [](const auto& x) { return matmul(x[0], x[1]); });
}

TEST(Golden, BroadcastAdd) {
  expect_op("broadcast_add", {"x", "b"}, [](const auto& x) { return x[0] + x[1]; });
}

// A whole tree from one seed: initial weights, loss, every gradient, running statistics.
TEST(Golden, Tree) {
  const Case golden = bricks("tree");
  Rng rng(7);
  models::Tree tree({.vocabulary = 27, .block_size = 8, .embedding = 6, .hidden = 10}, rng);
  for (const auto& [name, tensor] : tree.parameters()) {
    golden.expect(tensor, "param/" + name);
  }
  const Tensor logits = tree(golden["tokens"]);
  golden.expect(logits, "logits");
  const Tensor loss = cross_entropy(logits, golden["targets"]);
  golden.expect(loss, "loss");
  backward(loss);
  golden::expect_parameter_gradients(golden, tree, "grad/");
  for (const auto& [name, tensor] : tree.buffers()) {
    golden.expect(tensor, "after/" + name);
  }
  tree.eval();
  golden.expect(tree(golden["tokens"]), "logits_eval");
}

}  // namespace
