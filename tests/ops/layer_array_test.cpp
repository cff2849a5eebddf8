// The array of dilated layers: gradients against central differences in f64, both backends, bits that do not
// depend on threads or on where the ranges of time end.
#include "wavenet/ops/layer_array.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "wavenet/base/parallel.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Inputs = std::vector<Tensor>;

struct ArrayCase {
  std::string name;
  std::int64_t in, condition, channels, width, head;  // Cin, Cc, C, N, H
  std::vector<std::int64_t> kernels;
  std::int64_t head_kernel;
  bool head_bias;
  bool head_sum;
  LayerArrayGeometry geometry;
};

std::vector<ArrayCase> array_cases() {
  const Activation leaky{.curve = Curve::leaky, .slope_below = 0.01};
  const auto with = [](Curve curve) { return Activation{.curve = curve}; };
  return {
      {"layer_array", 1, 1, 3, 3, 2, {3, 3}, 1, true, false, {{{1, {}}, {2, {}}}, 1, 0, 5, 4}},
      {"layer_array, more residual than head",
       1,
       1,
       3,
       3,
       2,
       {3, 3},
       1,
       false,
       false,
       {{{1, {}}, {2, {}}}, 1, 9, 5, 4}},
      {"layer_array, a long head that goes on from another",
       2,
       1,
       4,
       3,
       1,
       {2, 4},
       3,
       true,
       true,
       {{{3, {}}, {1, {}}}, 2, 3, 6, 5}},
      {"layer_array, of one range",
       1,
       2,
       3,
       3,
       1,
       {3, 2},
       2,
       true,
       false,
       {{{1, leaky}, {4, leaky}}, 1, 20, 5, 99}},
      {"layer_array, slopes told by what was bent",
       1,
       1,
       3,
       2,
       1,
       {3, 2},
       2,
       true,
       true,
       {{{1, with(Curve::silu)}, {4, with(Curve::softsign)}}, 1, 2, 5, 4}},
      {"layer_array, the other curves",
       1,
       1,
       2,
       3,
       1,
       {2, 1, 2},
       1,
       true,
       false,
       {{{2, with(Curve::sigmoid)},
         {1, with(Curve::hard_swish)},
         {1, {Curve::bounded, 0.1, 0.2, -0.5, 0.25}}},
        1,
        0,
        7,
        3}},
  };
}

std::int64_t least_of_x(const ArrayCase& c) {
  return reach_of(c.kernels, c.head_kernel, c.geometry).x;
}

// x, condition, rechannel, head, its bias and the sum if they are there, then five of each layer.
Inputs array_inputs(const ArrayCase& c) {
  const LayerArrayReach reach = reach_of(c.kernels, c.head_kernel, c.geometry);
  Rng rng(3);
  Inputs all;
  const auto add = [&](const Shape& shape) { all.push_back(randn(shape, rng, DType::f64)); };
  add({3, c.in, reach.x + 1});
  add({3, c.condition, reach.x + 2});
  add({c.channels, c.in, 1});
  add({c.head, c.width, c.head_kernel});
  if (c.head_bias) {
    add({c.head});
  }
  if (c.head_sum) {
    add({3, c.width, reach.head_sum + 2});
  }
  for (const std::int64_t kernel : c.kernels) {
    add({c.width, c.channels, kernel});
    add({c.width});
    add({c.width, c.condition, 1});
    add({c.channels, c.width, 1});
    add({c.channels});
  }
  return all;
}

// Both results in one tensor.
Tensor result_of(const ArrayCase& c, const Inputs& x) {
  std::size_t next = 4;
  LayerArrayWeights w{.rechannel = x[2], .layers = {}, .head = {x[3], {}}};
  LayerArrayInputs inputs{.x = x[0], .condition = x[1], .head_sum = {}};
  if (c.head_bias) {
    w.head.bias = x[next++];
  }
  if (c.head_sum) {
    inputs.head_sum = x[next++];
  }
  for (std::size_t l = 0; l < c.kernels.size(); ++l, next += 5) {
    w.layers.push_back({{x[next], x[next + 1]}, x[next + 2], {x[next + 3], x[next + 4]}});
  }
  const LayerArrayOutput y = layer_array(inputs, w, c.geometry);
  return y.x.defined() ? cat({reshape(y.x, {-1}), reshape(y.head, {-1})}, 0) : y.head;
}

// The result and the gradients of all inputs.
std::vector<Tensor> run(const ArrayCase& c, const Inputs& values, DType type) {
  Inputs own;
  for (const Tensor& x : values) {
    const std::vector<double> v = x.to_vector<double>();
    own.push_back(parameter(type == DType::f64
                                ? Tensor::from(v, x.shape())
                                : Tensor::from(std::vector<float>(v.begin(), v.end()), x.shape())));
  }
  const Tensor y = result_of(c, own);
  backward(y, ones(y.shape(), type));
  std::vector<Tensor> all{y};
  for (const Tensor& x : own) {
    all.push_back(grad(x));
  }
  return all;
}

TEST(LayerArray, HasTheGradientsOfDifferences) {
  for (const ArrayCase& c : array_cases()) {
    const GradCheck result =
        gradcheck([&](const Inputs& x) { return result_of(c, x); }, array_inputs(c));
    EXPECT_TRUE(result.ok) << c.name << ": " << result.message;
  }
}

TEST(LayerArray, AgreesWithTheReferenceInDoublePrecision) {
  for (const ArrayCase& c : array_cases()) {
    const Inputs values = array_inputs(c);
    const std::vector<Tensor> expected = run(c, values, DType::f64);
    const std::vector<Tensor> actual = run(c, values, DType::f32);
    for (std::size_t t = 0; t < expected.size(); ++t) {
      const std::vector<double> want = expected[t].to_vector<double>();
      const std::vector<float> got = actual[t].to_vector<float>();
      double largest = 1;
      for (const double value : want) {
        largest = std::max(largest, std::abs(value));
      }
      for (std::size_t i = 0; i < want.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(got[i]), want[i], 1e-5 * largest)
            << c.name << ", tensor " << t << ", element " << i;
      }
    }
  }
}

// By ops that do one thing each.
TEST(LayerArray, IsWhatItsLayersAre) {
  const ArrayCase c = array_cases()[2];
  const Inputs x = array_inputs(c);
  // causal_conv1d has channels last, and weights [K in, out].
  const auto turned = [](const Tensor& y) { return contiguous(transpose(y, 1, 2)); };
  const auto convolved = [&](const Tensor& y, const Tensor& weight, const Tensor& bias,
                             std::int64_t dilation) {
    const Tensor taps = reshape(contiguous(transpose(weight, 0, 2)), {-1, weight.size(0)});
    return turned(
        causal_conv1d(turned(y), taps, bias, {.width = weight.size(2), .dilation = dilation}));
  };
  const auto last = [](const Tensor& y, std::int64_t count) {
    return index(y, {{}, {}, {.start = y.size(2) - count}});
  };
  const std::int64_t length = least_of_x(c);
  const Tensor condition = last(x[1], length);
  Tensor u = convolved(last(x[0], length), x[2], {}, 1);
  const LayerArrayReach reach = reach_of(c.kernels, c.head_kernel, c.geometry);
  Tensor sum = last(x[5], reach.head_sum);
  std::size_t next = 6;
  for (const ArrayLayerGeometry& layer : c.geometry.layers) {
    const Tensor a = tanh(convolved(u, x[next], x[next + 1], layer.dilation) +
                          convolved(condition, x[next + 2], {}, 1));
    sum = sum + last(a, reach.head_sum);
    u = u + convolved(a, x[next + 3], x[next + 4], 1);
    next += 5;
  }
  const Tensor head = convolved(sum, x[3], x[4], c.geometry.head_dilation);
  const Tensor expected = cat({reshape(last(u, c.geometry.x_length), {-1}),
                               reshape(last(head, c.geometry.head_length), {-1})},
                              0);
  const std::vector<double> want = expected.to_vector<double>();
  const std::vector<double> got = result_of(c, x).to_vector<double>();
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], 1e-12) << i;
  }
}

TEST(LayerArray, HasTheSameBitsOnAnyNumberOfThreads) {
  const ArrayCase c = array_cases()[2];
  const Inputs values = array_inputs(c);
  const std::vector<Tensor> one = run(c, values, DType::f32);
  const UseThreads use(3);
  const std::vector<Tensor> three = run(c, values, DType::f32);
  for (std::size_t t = 0; t < one.size(); ++t) {
    EXPECT_EQ(one[t].to_vector<float>(), three[t].to_vector<float>()) << t;
  }
}

TEST(LayerArray, RefusesWhatDoesNotFit) {
  const auto problem = [](std::size_t input, const Shape& shape) {
    const ArrayCase c = array_cases()[0];
    Inputs x = array_inputs(c);
    x[input] = zeros(shape, DType::f64);
    try {
      result_of(c, x);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  const std::int64_t length = least_of_x(array_cases()[0]);
  EXPECT_EQ(problem(0, {3, 1, length}), "none");
  EXPECT_EQ(problem(0, {3, 1, length - 1}),
            fmt::format("layer_array: x must be f64 [3, 1, at least {}], got f64 [3, 1, {}]",
                        length, length - 1));
  EXPECT_EQ(problem(5, {3, 4, 3}), "layer_array: conv must be f64 [3, 3, 3], got [3, 4, 3]");
  EXPECT_EQ(problem(2, {4, 1, 1}), "layer_array: conv must be f64 [3, 4, 3], got [3, 3, 3]");
}

}  // namespace
