// Every brick against PyTorch 1.13: outputs, gradients, running statistics. The expected tensors
// are made by python/make_goldens.py; a case's inputs stand beside its results.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

const io::SafeTensors& bricks() {
  static const io::SafeTensors file =
      io::read_safetensors(WAVENET_SOURCE "/tests/golden/bricks.safetensors");
  return file;
}

// The tensors of one case, by short name.
class Case {
 public:
  explicit Case(std::string name) : name_(std::move(name)) {}
  Tensor operator[](const std::string& tensor) const {
    return bricks().tensors.at(name_ + "/" + tensor);
  }
  // An input whose gradient is wanted: a copy, as the file is shared by all tests.
  Tensor input(const std::string& tensor) const {
    const Tensor x = (*this)[tensor];
    return parameter(Tensor::from(x.to_vector<float>(), x.shape()));
  }
  // f32 on one side and f32 on the other: a few last bits, relative to the largest value.
  void expect(const Tensor& actual, const std::string& tensor) const {
    const Tensor expected = (*this)[tensor];
    ASSERT_TRUE(actual.defined()) << name_ << "/" << tensor;
    ASSERT_EQ(actual.shape(), expected.shape()) << name_ << "/" << tensor;
    const std::vector<float> want = expected.to_vector<float>();
    const std::vector<float> got = actual.to_vector<float>();
    float largest = 1e-6F;
    for (const float value : want) {
      largest = std::max(largest, std::abs(value));
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
      ASSERT_NEAR(got[i], want[i], 4e-6F * largest) << name_ << "/" << tensor << " at " << i;
    }
  }

 private:
  std::string name_;
};

// y = f(x...), then dy sent back; `inputs` are named in the file, gradients "d" + name.
void expect_op(const std::string& name, const std::vector<std::string>& inputs,
               const std::function<Tensor(const std::vector<Tensor>&)>& f) {
  const Case golden(name);
  std::vector<Tensor> x;
  for (const std::string& input : inputs) {
    x.push_back(golden.input(input));
  }
  const Tensor y = f(x);
  golden.expect(y, "y");
  backward(y, golden["dy"]);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    golden.expect(grad(x[i]), "d" + inputs[i]);
  }
}

// The same through a layer, whose parameters take the file's values.
void expect_layer(const std::string& name, nn::Module& layer) {
  const Case golden(name);
  std::map<std::string, Tensor> saved;
  for (const auto& [parameter_name, tensor] : layer.parameters()) {
    saved[parameter_name] = golden[parameter_name];
  }
  for (const auto& [buffer_name, tensor] : layer.buffers()) {
    saved[buffer_name] = golden[buffer_name + "_0"];
  }
  nn::load_state(layer, saved);
  const Tensor x = golden.input("x");
  const Tensor y = layer(x);
  golden.expect(y, "y");
  backward(y, golden["dy"]);
  golden.expect(grad(x), "dx");
  for (const auto& [parameter_name, tensor] : layer.parameters()) {
    golden.expect(grad(tensor), "d" + parameter_name);
  }
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
  const Case golden(name);
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
            [](const auto& x) { return embedding(x[0], Case("embedding")["tokens"]); });
}

TEST(Golden, Softmax) {
  expect_op("softmax", {"x"}, [](const auto& x) { return softmax(x[0]); });
}

TEST(Golden, CrossEntropy) {
  const Case golden("cross_entropy");
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
  const Case golden("tree");
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
  for (const auto& [name, tensor] : tree.parameters()) {
    golden.expect(grad(tensor), "grad/" + name);
  }
  for (const auto& [name, tensor] : tree.buffers()) {
    golden.expect(tensor, "after/" + name);
  }
  tree.eval();
  golden.expect(tree(golden["tokens"]), "logits_eval");
}

}  // namespace
