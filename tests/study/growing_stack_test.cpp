// WaveNet grown part by part: what each part costs, the whole against models::WaveNet, and every
// variant's gradients against the same network written down in f64 and differentiated numerically.
#include "wavenet/study/growing_stack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using study::StackParts;

const study::StackOptions kSmall{
    .vocabulary = 5, .embedding = 2, .channels = 3, .skip = 4, .dilations = {1, 2}};

const std::vector<StackParts> kAllParts{
    {false, false, false}, {true, false, false}, {false, true, false}, {false, false, true},
    {true, true, false},   {true, false, true},  {false, true, true},  {true, true, true}};

std::string name_of(const StackParts& parts) {
  return fmt::format("gate {} residual {} skip {}", parts.gate, parts.residual, parts.skip);
}

// The zeros that the head and the biases begin with would hide what is behind them.
void randomise(const models::Model& model) {
  Rng rng(3);
  for (const auto& [name, tensor] : model.parameters()) {
    const Tensor values = randn(tensor.shape(), rng) * 0.5;
    std::copy_n(values.data<float>(), values.numel(), tensor.data<float>());
  }
}

// Parameters by closed form: C channels, S of the head, L blocks.
std::int64_t parameters(const study::StackOptions& o, const StackParts& parts) {
  const std::int64_t c = o.channels;
  const std::int64_t s = o.skip;
  const auto blocks = static_cast<std::int64_t>(o.dilations.size());
  return o.vocabulary * o.embedding + 2 * o.embedding * c + c +
         blocks * (parts.gate ? 2 : 1) * (2 * c * c + c) +
         (parts.residual ? (blocks - 1) * (c * c + c) : 0) +
         (parts.skip ? blocks : 1) * (c * s + s) + s * s + s + s * o.vocabulary + o.vocabulary;
}

TEST(GrowingStack, HasTheParametersOfItsParts) {
  for (const StackParts& parts : kAllParts) {
    Rng rng(1);
    const study::GrowingStack stack(kSmall, parts, rng);
    EXPECT_EQ(stack.parameter_count(), parameters(kSmall, parts)) << name_of(parts);
    EXPECT_EQ(stack.receptive_field(), 1 + 1 + 1 + 2);
  }
}

TEST(GrowingStack, IsWaveNetWithAllItsParts) {
  Rng rng(42);
  Rng again(42);
  study::GrowingStack stack(kSmall, {true, true, true}, rng);
  models::WaveNet wavenet(
      {.vocabulary = 5, .embedding = 2, .residual = 3, .skip = 4, .dilations = {1, 2}}, again);
  const nn::NamedTensors ours = stack.parameters();
  const nn::NamedTensors theirs = wavenet.parameters();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].first, theirs[i].first);
    EXPECT_EQ(ours[i].second.to_vector<float>(), theirs[i].second.to_vector<float>());
  }
  randomise(stack);
  randomise(wavenet);
  const Tensor tokens = Tensor::from<std::int32_t>({0, 1, 4, 2, 3, 1, 0, 2, 2, 4, 1, 3}, {2, 6});
  EXPECT_EQ(stack.logits(tokens).to_vector<float>(), wavenet.logits(tokens).to_vector<float>());
}

// The paper's formulas, in f64, of parameters by name.
class Formula {
 public:
  Formula(std::map<std::string, Tensor> parameters, StackParts parts)
      : p_(std::move(parameters)), parts_(parts) {}

  Tensor operator()(const Tensor& tokens) const {
    Tensor x = convolved("input", embedding(p_.at("embedding.weight"), tokens), 1);
    const Tensor first = convolved_block(0, 1, x);
    const Tensor passed = parts_.residual ? x + one_by_one("blocks.0.residual", first) : first;
    const Tensor second = convolved_block(1, 2, passed);
    Tensor skips = one_by_one("blocks.1.skip", second);
    if (parts_.skip) {
      skips = one_by_one("blocks.0.skip", first) + skips;
    }
    return one_by_one("head", relu(one_by_one("post", relu(skips))));
  }

 private:
  Tensor one_by_one(const std::string& name, const Tensor& x) const {
    return matmul(x, p_.at(name + ".weight")) + p_.at(name + ".bias");
  }
  // Width 2: each row beside the one `dilation` before it, the first row standing for those before.
  Tensor convolved(const std::string& name, const Tensor& x, int dilation) const {
    std::vector<Tensor> past(static_cast<std::size_t>(dilation), index(x, {{}, {.stop = 1}}));
    past.push_back(index(x, {{}, {.stop = -dilation}}));
    return one_by_one(name, cat({cat(past, 1), x}, 2));
  }
  Tensor convolved_block(int number, int dilation, const Tensor& x) const {
    const std::string name = fmt::format("blocks.{}.", number);
    const Tensor z = tanh(convolved(name + "filter", x, dilation));
    return parts_.gate ? z * sigmoid(convolved(name + "gate", x, dilation)) : z;
  }

  std::map<std::string, Tensor> p_;
  StackParts parts_;
};

Tensor in_f64(const Tensor& x) {
  const std::vector<float> values = x.to_vector<float>();
  return Tensor::from(std::vector<double>(values.begin(), values.end()), x.shape());
}

TEST(GrowingStack, GradientsOfEveryVariantAreTheFormulas) {
  const Tensor tokens = Tensor::from<std::int32_t>({0, 1, 4, 2, 0, 3, 3, 1}, {2, 4});
  const Tensor targets = Tensor::from<std::int32_t>({1, 4, 2, 0, 3, 3, 1, 0}, {8});
  const auto loss = [&](const Tensor& logits) {
    return cross_entropy(reshape(logits, {8, 5}), targets);
  };
  for (const StackParts& parts : kAllParts) {
    SCOPED_TRACE(name_of(parts));
    Rng rng(1);
    study::GrowingStack stack(kSmall, parts, rng);
    randomise(stack);
    const Tensor actual = loss(stack(tokens));
    backward(actual);

    const nn::NamedTensors named = stack.parameters();
    std::vector<Tensor> values;
    for (const auto& [name, tensor] : named) {
      values.push_back(in_f64(tensor));
    }
    const auto formula = [&](const std::vector<Tensor>& in) {
      std::map<std::string, Tensor> by_name;
      for (std::size_t i = 0; i < in.size(); ++i) {
        by_name[named[i].first] = in[i];
      }
      return loss(Formula(by_name, parts)(tokens));
    };
    EXPECT_NEAR(actual.item(), formula(values).item(), 1e-6);
    const GradCheck checked = gradcheck(formula, values);
    EXPECT_TRUE(checked.ok) << checked.message;

    for (Tensor& value : values) {
      value = parameter(value);
    }
    backward(formula(values));
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::vector<double> want = grad(values[i]).to_vector<double>();
      const std::vector<float> got = grad(named[i].second).to_vector<float>();
      for (std::size_t j = 0; j < want.size(); ++j) {
        ASSERT_NEAR(got[j], want[j], 2e-6) << named[i].first << " at " << j;
        largest = std::max(largest, std::abs(want[j]));
      }
    }
    EXPECT_GT(largest, 0.01);
  }
}

}  // namespace
