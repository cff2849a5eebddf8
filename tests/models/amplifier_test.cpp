// Amplifier models against PyTorch: answers and the gradients of every weight; and the ways to a net of a
// .nam file and back.
#include "wavenet/models/amplifier.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "tests/nn/golden.h"
#include "wavenet/base/parallel.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/wavenet.h"

namespace wavenet::models {
namespace {

constexpr std::int64_t kItems = 2;
constexpr std::int64_t kWanted = 24;

// As python/make_amplifier_goldens.py draws them: the high bits of a linear congruential generator.
std::vector<float> drawn(std::int64_t count, std::uint32_t seed) {
  std::vector<float> values;
  for (std::uint32_t state = seed; std::ssize(values) < count;) {
    state = 1664525U * state + 1013904223U;
    values.push_back(static_cast<float>(state >> 8U) / 8388608.0F - 1);
  }
  return values;
}

void fill(const Model& model) {
  const nn::NamedTensors all = model.parameters();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Tensor& tensor = all[i].second;
    const Tensor& weight = tensor.rank() == 1 ? all[i - 1].second : tensor;
    const auto fan_in = static_cast<double>(weight.size(1) * weight.size(2));
    const std::vector<float> values = drawn(tensor.numel(), static_cast<std::uint32_t>(i + 1));
    for (std::int64_t j = 0; j < tensor.numel(); ++j) {
      tensor.data<float>()[j] =
          static_cast<float>(1 / std::sqrt(fan_in)) * values[static_cast<std::size_t>(j)];
    }
  }
}

// The model is judged elsewhere; here it needs a place for its answers.
SharedOutput output_of(std::int64_t nets) { return std::make_shared<output::Categorical>(nets); }

std::unique_ptr<Amplifier> model_of(const std::vector<nam::WaveNet>& nets) {
  Rng rng(1);
  return std::make_unique<Amplifier>(nets, rng, output_of(std::ssize(nets)));
}

Tensor samples_for(const Model& model) {
  const std::int64_t length = model.receptive_field() - 1 + kWanted;
  return Tensor::from(drawn(kItems * length, 77), {kItems, length});
}

void expect_pytorchs(const std::string& shape, const std::vector<nam::WaveNet>& nets) {
  const io::SafeTensors file = golden::read("amplifier");
  const auto model = model_of(nets);
  fill(*model);
  const Tensor y =
      model->raw({.x = samples_for(*model), .rows = {.past = model->receptive_field() - 1}});
  golden::Case(file, shape, 1e-5F).expect(y, "y");
  backward(y, Tensor::from(drawn(y.numel(), 78), y.shape()));
  golden::expect_parameter_gradients(golden::Case(file, shape + "/gradients", 1e-5F), *model, "");
}

TEST(Amplifier, OfTheStandardShapeIsPyTorchs) { expect_pytorchs("standard", {nam::standard()}); }

TEST(Amplifier, OfTwoNetsSideBySideIsPyTorchs) {
  expect_pytorchs("a2", {nam::a2_lite(), nam::a2_full()});
}

TEST(Amplifier, HasTheWeightsOfItsFile) {
  const auto count = [](const nam::WaveNet& net) {
    return model_of({net})->parameter_count() + 1;  // head_scale
  };
  EXPECT_EQ(count(nam::standard()), 13'802);
  EXPECT_EQ(count(nam::lite()), 6'554);
  EXPECT_EQ(count(nam::feather()), 3'026);
  EXPECT_EQ(count(nam::nano()), 842);
  EXPECT_EQ(count(nam::a2_lite()), 1'871);
  EXPECT_EQ(count(nam::a2_full()), 12'146);
}

// Uniform in +-1 / sqrt(inputs of an output), biases too: their largest come near to it.
TEST(Amplifier, BeginsAsPyTorchDoes) {
  const auto model = model_of({nam::standard()});
  std::map<std::string, Tensor> all;
  for (const auto& [name, tensor] : model->parameters()) {
    all[name] = tensor;
  }
  const auto largest = [&](const std::string& name) {
    float most = 0;
    for (const float value : all.at(name).to_vector<float>()) {
      most = std::max(most, std::abs(value));
    }
    return most;
  };
  const float bound = 1 / std::sqrt(48.0F);
  EXPECT_LE(largest("array1.layer3.conv.weight"), bound);
  EXPECT_GT(largest("array1.layer3.conv.weight"), 0.99F * bound);  // of 768 numbers
  EXPECT_LE(largest("array1.layer3.conv.bias"), bound);
  EXPECT_GT(largest("array1.layer3.conv.bias"), 0.5F * bound);
  EXPECT_LE(largest("array2.head.weight"), 1 / std::sqrt(8.0F));
}

TEST(Amplifier, GivesItsNetAndGoesOnFromIt) {
  const auto first = model_of({nam::nano()});
  nam::WaveNet net = first->described(0);
  EXPECT_EQ(nam::weights_of({.net = net}).size(), 842U);
  net.head_scale = 0.5F;
  Rng rng(9);
  Amplifier second({nam::nano()}, rng, output_of(1));
  second.take(0, net);
  EXPECT_EQ(nam::weights_of({.net = second.described(0)}), nam::weights_of({.net = net}));
  EXPECT_THROW(second.take(0, nam::feather()), Error);
}

TEST(Amplifier, HearsSilenceBeforeTheFirstSample) {
  const auto model = model_of({nam::nano()});
  const NoGrad guard;
  const std::int64_t past = model->receptive_field() - 1;
  const Tensor x = Tensor::from(drawn(50, 5), {1, 50});
  const Tensor cold = model->raw({.x = x});
  const Tensor padded = model->raw({.x = cat({zeros({1, past}), x}, 1), .rows = {.past = past}});
  EXPECT_EQ(cold.to_vector<float>(), padded.to_vector<float>());
}

TEST(Amplifier, HasTheSameBitsOnTwoThreads) {
  const auto run = [](int threads) {
    const UseThreads use(threads);
    const auto model = model_of({nam::nano()});
    const Tensor y =
        model->raw({.x = samples_for(*model), .rows = {.past = model->receptive_field() - 1}});
    backward(y, ones(y.shape()));
    std::vector<float> all = y.to_vector<float>();
    for (const auto& [name, tensor] : model->parameters()) {
      const std::vector<float> gradient = grad(tensor).to_vector<float>();
      all.insert(all.end(), gradient.begin(), gradient.end());
    }
    return all;
  };
  EXPECT_EQ(run(1), run(2));
}

std::string problem_of(const std::function<void(nam::WaveNet&)>& change) {
  nam::WaveNet net = nam::nano();
  change(net);
  try {
    model_of({net});
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Amplifier, RefusesByNameWhatItDoesNotTrain) {
  using nam::WaveNet;
  EXPECT_EQ(problem_of([](WaveNet&) {}), "none");
  EXPECT_EQ(problem_of([](WaveNet& net) { net.arrays[0].layers[1].gating = nam::Gating::gated; }),
            "amplifier: nets with gates are played, but not trained");
  EXPECT_EQ(problem_of([](WaveNet& net) {
              net.arrays[0].layers[0].activation.function = nam::Function::prelu;
            }),
            "amplifier: nets with slopes that are learned (PReLU) are played, but not trained");
  EXPECT_EQ(problem_of([](WaveNet& net) { net.arrays[1].layers[0].films[2].emplace(); }),
            "amplifier: nets with FiLM are played, but not trained");
  EXPECT_EQ(problem_of([](WaveNet& net) { net.condition = std::make_shared<nam::Model>(); }),
            "amplifier: nets with a condition net are played, but not trained");
  EXPECT_EQ(problem_of([](WaveNet& net) { net.arrays[0].layers[0].conv.groups = 2; }),
            "amplifier: nets with groups are played, but not trained");
}

TEST(Amplifier, IsBuiltByARecipe) {
  Rng rng(1);
  const Config recipe =
      Config::parse(R"({"model": {"kind": "amplifier", "shape": "nano"}})", "recipe");
  EXPECT_EQ(build(recipe, 1, rng)->receptive_field(), 4093);
  EXPECT_THROW(
      build(Config::parse(R"({"model": {"kind": "amplifier", "shape": "a3"}})", "recipe"), 1, rng),
      UsageError);
}

}  // namespace
}  // namespace wavenet::models
