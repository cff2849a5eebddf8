// Every op's gradient against central differences in f64, and its shape rules.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "wavenet/backend/backend.h"
#include "wavenet/ops/embedded_linear.h"
#include "wavenet/ops/gated_stack.h"
#include "wavenet/ops/watch.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Inputs = std::vector<Tensor>;

struct Case {
  std::string name;
  std::function<Tensor(const Inputs&)> f;
  std::vector<Shape> shapes;
  bool positive = false;  // inputs in (0.5, 1.5), for log, sqrt and divisors
};

// Inputs: x, then of each block weights and biases of filter, gate, skip and, but for the last, the
// residual.
std::function<Tensor(const Inputs&)> gated_stack_of(const std::vector<ConvGeometry>& blocks,
                                                    const GatedStackRows& rows) {
  return [=](const Inputs& x) {
    std::vector<StackedBlock> stack;
    std::size_t at = 1;
    for (const ConvGeometry& geometry : blocks) {
      GatedBlockWeights w{x[at], x[at + 1], x[at + 2], x[at + 3], x[at + 4], x[at + 5], {}, {}};
      at += 6;
      if (at < x.size()) {
        w.residual = x[at];
        w.residual_bias = x[at + 1];
        at += 2;
      }
      stack.push_back({w, geometry});
    }
    return gated_stack(x[0], stack, rows);
  };
}

// Of x: [batch, length, 3], and of blocks of `taps` with four skip channels.
std::vector<Shape> shapes_of_stack(std::int64_t batch, std::int64_t length,
                                   const std::vector<std::int64_t>& taps) {
  std::vector<Shape> shapes{{batch, length, 3}};
  for (std::size_t block = 0; block < taps.size(); ++block) {
    const Shape weight{taps[block] * 3, 3};
    shapes.insert(shapes.end(), {weight, {3}, weight, {3}, {3, 4}, {4}});
    if (block + 1 < taps.size()) {
      shapes.insert(shapes.end(), {{3, 3}, {3}});
    }
  }
  return shapes;
}

// Targets for x: [B, T, W], the same numbers in either type.
Tensor noise_of(const Tensor& x) {
  Rng rng(7);
  const Tensor exact = randn({x.size(0), x.size(1)}, rng, DType::f64);
  const std::vector<double> v = exact.to_vector<double>();
  return x.dtype() == DType::f64
             ? exact
             : Tensor::from(std::vector<float>(v.begin(), v.end()), exact.shape());
}

std::vector<Case> cases() {
  const auto tokens = [] { return Tensor::from<std::int32_t>({3, 0, 1, 3, 2, 3}, {2, 3}); };
  const auto of_embedding = [](const Inputs& x) {
    const Tensor pairs = Tensor::from<std::int32_t>({3, 0, 1, 1, 0, 3, 3, 0, 2, 3}, {5, 2});
    return embedded_linear({x[0], pairs}, x[1], x.size() > 2 ? x[2] : Tensor());
  };
  const auto targets = [] { return Tensor::from<std::int32_t>({0, 4, 2}, {3}); };
  return {
      {"add", [](auto& x) { return x[0] + x[1]; }, {{4, 1, 5}, {3, 1}}},
      {"subtract", [](auto& x) { return x[0] - x[1]; }, {{3, 5}, {5}}},
      {"multiply", [](auto& x) { return x[0] * x[1]; }, {{2, 3, 5}, {3, 1}}},
      {"divide", [](auto& x) { return x[0] / x[1]; }, {{2, 5}, {2, 1}}, true},
      {"affine", [](auto& x) { return affine(x[0], -2.5, 3); }, {{2, 5}}},
      {"negate", [](auto& x) { return -x[0]; }, {{2, 5}}},
      {"exp", [](auto& x) { return exp(x[0]); }, {{2, 5}}},
      {"log", [](auto& x) { return log(x[0]); }, {{2, 5}}, true},
      {"sqrt", [](auto& x) { return sqrt(x[0]); }, {{2, 5}}, true},
      {"tanh", [](auto& x) { return tanh(x[0]); }, {{2, 3, 5}}},
      {"sigmoid", [](auto& x) { return sigmoid(x[0]); }, {{2, 5}}},
      {"relu", [](auto& x) { return relu(x[0]); }, {{2, 5}}},
      {"index",
       [](auto& x) {
         return index(x[0], {{}, {.start = 1, .step = 2}, {.stop = -1}});
       },
       {{2, 5, 3}}},
      {"reshape",
       [](auto& x) {
         return reshape(transpose(x[0], 0, 1), {2, -1});
       },
       {{3, 4}}},
      {"transpose", [](auto& x) { return transpose(x[0], 0, -1); }, {{2, 3, 4}}},
      {"unsqueeze", [](auto& x) { return unsqueeze(x[0], 1) * x[1]; }, {{3, 4}, {3, 2, 4}}},
      {"squeeze", [](auto& x) { return squeeze(x[0], 1); }, {{3, 1, 4}}},
      {"cat",
       [](auto& x) {
         return cat({x[0], x[1], x[0]}, -1);
       },
       {{2, 3, 2}, {2, 3, 4}}},
      {"contiguous", [](auto& x) { return contiguous(transpose(x[0], 0, 1)); }, {{3, 4}}},
      {"sum",
       [](auto& x) {
         return sum(x[0], {0, 2});
       },
       {{2, 3, 4}}},
      {"mean",
       [](auto& x) {
         return mean(x[0], {0, 1}, true);
       },
       {{2, 3, 4}}},
      {"var",
       [](auto& x) {
         return var(x[0], {0, 1});
       },
       {{2, 3, 4}}},
      {"matmul", [](auto& x) { return matmul(x[0], x[1]); }, {{2, 3, 4}, {4, 5}}},
      {"matmul_batched", [](auto& x) { return matmul(x[0], x[1]); }, {{2, 3, 4}, {2, 4, 5}}},
      {"softmax", [](auto& x) { return softmax(x[0]); }, {{2, 3, 5}}},
      {"log_softmax", [](auto& x) { return log_softmax(x[0]); }, {{3, 5}}},
      {"cross_entropy", [=](auto& x) { return cross_entropy(x[0], targets()); }, {{3, 5}}},
      {"embedding", [=](auto& x) { return embedding(x[0], tokens()); }, {{4, 5}}},
      {"batch_norm",
       [](auto& x) { return batch_norm(x[0], x[1], x[2], 1e-5).y; },
       {{4, 3, 5}, {5}, {5}}},
      {"linear", [](auto& x) { return linear(x[0], x[1], x[2]); }, {{2, 3, 4}, {4, 5}, {5}}},
      {"linear, added to another",
       [](auto& x) { return linear(x[0], x[1], x[2], x[3]); },
       {{2, 3, 4}, {4, 5}, {5}, {2, 3, 5}}},
      {"linear, added to the last rows of another",
       [](auto& x) {
         return linear(x[0], x[1], {}, index(x[2], {{}, {.start = 2}}));
       },
       {{2, 3, 4}, {4, 5}, {2, 5, 5}}},
      {"embedded_linear", of_embedding, {{4, 3}, {6, 5}, {5}}},
      {"embedded_linear without bias", of_embedding, {{4, 3}, {6, 5}}},
      {"linear without bias", [](auto& x) { return linear(x[0], x[1], {}); }, {{3, 4}, {4, 5}}},
      {"causal_conv1d",
       [](auto& x) { return causal_conv1d(x[0], x[1], x[2], {.width = 2, .dilation = 2}); },
       {{2, 7, 3}, {6, 5}, {5}}},
      {"causal_conv1d, wider than the sequence",
       [](auto& x) { return causal_conv1d(x[0], x[1], {}, {.width = 3, .dilation = 4}); },
       {{2, 5, 3}, {9, 17}}},
      {"causal_conv1d, the last rows alone",
       [](auto& x) {
         return causal_conv1d(x[0], x[1], x[2], {.width = 3, .dilation = 2, .from = 3});
       },
       {{2, 7, 3}, {9, 4}, {4}}},
      {"causal_conv1d, added to a row each",
       [](auto& x) {
         return causal_conv1d(x[0], x[1], x[2], {.width = 2, .dilation = 2, .from = 1}, x[3]);
       },
       {{2, 7, 3}, {6, 5}, {5}, {2, 6, 5}}},
      {"causal_conv1d, added to one for all rows",
       [](auto& x) { return causal_conv1d(x[0], x[1], {}, {.width = 3, .dilation = 4}, x[2]); },
       {{2, 5, 3}, {9, 4}, {2, 1, 4}}},
      {"causal_conv1d, packed",
       [](auto& x) {
         return causal_conv1d(x[0], x[1], x[2],
                              {.width = 2,
                               .dilation = 2,
                               .starts = std::make_shared<std::vector<std::int64_t>>(
                                   std::vector<std::int64_t>{0, 1, 5})});
       },
       {{1, 7, 3}, {6, 4}, {4}}},
      {"causal_conv1d, zeros before the start",
       [](auto& x) {
         return causal_conv1d(x[0], x[1], x[2],
                              {.width = 3, .dilation = 2, .padding = Padding::zero});
       },
       {{3, 6, 2}, {6, 4}, {4}}},
      {"gate", [](auto& x) { return gate(x[0], x[1]); }, {{2, 3, 5}, {2, 3, 5}}},
      {"gated_stack", gated_stack_of({{.dilation = 3}, {.dilation = 1}}, {.at_once = 4}),
       shapes_of_stack(2, 9, {2, 2})},
      {"gated_stack, the last rows alone",
       gated_stack_of({{.width = 3, .dilation = 2}, {.dilation = 1}, {.dilation = 4}},
                      {.past = 9, .at_once = 4}),
       shapes_of_stack(2, 14, {3, 2, 2})},
      {"gated_stack, a past shorter than it looks back",
       gated_stack_of({{.dilation = 4}, {.dilation = 2}, {.dilation = 1}},
                      {.past = 2, .at_once = 3}),
       shapes_of_stack(1, 10, {2, 2, 2})},
      {"gated_stack, zeros before the start",
       gated_stack_of(
           {{.dilation = 2, .padding = Padding::zero}, {.dilation = 5, .padding = Padding::zero}},
           {.past = 1, .at_once = 3}),
       shapes_of_stack(1, 9, {2, 2})},
      {"gated_stack of one block", gated_stack_of({{.dilation = 2}}, {.past = 2, .at_once = 4}),
       shapes_of_stack(2, 9, {2})},
      {"dropout", [](auto& x) { return dropout(x[0], 0.3, 7); }, {{4, 9}}},
      {"cross_entropy, smoothed, a row without target",
       [=](auto& x) {
         return cross_entropy(x[0], Tensor::from<std::int32_t>({0, kNoTarget, 2}, {3}), 0.1);
       },
       {{3, 5}}},
      {"squared_error", [](auto& x) { return squared_error(x[0], noise_of(x[0])); }, {{2, 7, 3}}},
      {"spectral_loss",
       [](auto& x) {
         return spectral_loss(x[0], noise_of(x[0]), {.fft = 16, .hop = 4, .window = 10});
       },
       {{3, 20, 2}}},
      {"spectral_loss, a window as long as the transform",
       [](auto& x) {
         return spectral_loss(x[0], noise_of(x[0]), {.fft = 8, .hop = 3, .window = 8});
       },
       {{1, 13, 1}}},
      {"spectral_loss, an odd window",
       [](auto& x) {
         return spectral_loss(x[0], noise_of(x[0]), {.fft = 32, .hop = 7, .window = 21});
       },
       {{17, 40, 1}}},
      {"watch", [](auto& x) { return watch(x[0], [](const Tensor&) {}) * x[0]; }, {{2, 5}}},
      {"one input used twice", [](auto& x) { return tanh(x[0]) * x[0] + x[0]; }, {{2, 5}}},
  };
}

Inputs inputs_of(const Case& c) {
  Rng rng(1);
  Inputs inputs;
  for (const Shape& shape : c.shapes) {
    Tensor x = randn(shape, rng, DType::f64);
    for (std::int64_t i = 0; c.positive && i < x.numel(); ++i) {
      x.data<double>()[i] = 1 + 0.5 * std::tanh(x.data<double>()[i]);
    }
    inputs.push_back(x);
  }
  return inputs;
}

TEST(Gradients, AgreeWithDifferences) {
  for (const Case& c : cases()) {
    const GradCheck result = gradcheck(c.f, inputs_of(c));
    EXPECT_TRUE(result.ok) << c.name << ": " << result.message;
  }
}

TEST(Gradients, CheckNoticesAWrongOne) {
  const auto wrong = [](const Inputs& x) { return x[0] * x[0].detach(); };
  Rng rng(1);
  EXPECT_FALSE(gradcheck(wrong, {randn({3}, rng, DType::f64)}).ok);
}

// Both backends, f32 against f64: values and gradients.
TEST(Backends, AgreeWithTheReferenceInDoublePrecision) {
  for (const Case& c : cases()) {
    const Inputs exact = inputs_of(c);
    const auto run = [&](Backend& chosen, DType type) {
      const UseBackend use(chosen);
      Inputs own;
      for (const Tensor& x : exact) {
        const std::vector<double> v = x.to_vector<double>();
        own.push_back(parameter(
            type == DType::f64 ? Tensor::from(v, x.shape())
                               : Tensor::from(std::vector<float>(v.begin(), v.end()), x.shape())));
      }
      const Tensor y = c.f(own);
      backward(y, ones(y.shape(), type));
      std::vector<Tensor> all{y};
      for (const Tensor& x : own) {
        all.push_back(grad(x));
      }
      return all;
    };
    const auto expected = run(reference_backend(), DType::f64);
    const auto actual = run(cpu_backend(), DType::f32);
    for (std::size_t t = 0; t < expected.size(); ++t) {
      const auto want = expected[t].to_vector<double>();
      const auto got = actual[t].to_vector<float>();
      for (std::size_t i = 0; i < want.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(got[i]), want[i], 1e-5 * std::max(1.0, std::abs(want[i])))
            << c.name << ", tensor " << t << ", element " << i;
      }
    }
  }
}

TEST(Backends, GemmAgreesAtEveryEdge) {
  Rng rng(3);
  for (std::int64_t m : {1, 5, 6, 7, 13}) {
    for (std::int64_t n : {1, 7, 8, 15, 16, 17, 27, 33}) {
      for (std::int64_t k : {1, 3, 48}) {
        const Tensor a = randn({m, k}, rng);
        const Tensor b = randn({n, k}, rng);
        Tensor fast = ones({m, n});
        Tensor plain = ones({m, n});
        cpu_backend().gemm(a, transposed(b, 0, 1), fast, Into::add);
        reference_backend().gemm(a, transposed(b, 0, 1), plain, Into::add);
        for (std::int64_t i = 0; i < m * n; ++i) {
          ASSERT_NEAR(fast.data<float>()[i], plain.data<float>()[i], 1e-4)
              << m << " " << n << " " << k;
        }
      }
    }
  }
}

TEST(Backends, NanStaysNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = Tensor::from(std::vector<float>(9, nan), {9});
  for (float y : tanh(x).to_vector<float>()) {
    EXPECT_TRUE(std::isnan(y));
  }
  const Tensor loss = cross_entropy(Tensor::from(std::vector<float>{nan, 1, 2}, {1, 3}),
                                    Tensor::from<std::int32_t>({1}, {1}));
  EXPECT_TRUE(std::isnan(loss.item()));
}

// From 9.02 on the float nearest to tanh is 1, whose gradient is 0, as in PyTorch.
TEST(Backends, ASaturatedTanhIsOneAndHasNoGradient) {
  const std::vector<float> points{9.1F, -9.1F, 30, -1e30F, std::numeric_limits<float>::infinity()};
  const Tensor x = parameter(Tensor::from(points, {static_cast<std::int64_t>(points.size())}));
  const Tensor y = tanh(x);
  backward(sum(y));
  EXPECT_EQ(y.to_vector<float>(), (std::vector<float>{1, -1, 1, -1, 1}));
  EXPECT_EQ(grad(x).to_vector<float>(), std::vector<float>(points.size()));
}

// The quick tanh of the gate against the C library's, in double. Its error is at most 4e-7; half of
// that goes into a sigmoid.
TEST(Backends, GateIsAccurateOverItsRange) {
  std::vector<float> points;
  for (double v = -20; v <= 20; v += 1e-3) {
    points.push_back(static_cast<float>(v));
  }
  const Tensor x = Tensor::from(points, {static_cast<std::int64_t>(points.size())});
  const Tensor open = full(x.shape(), 30);  // sigmoid(30) is 1 in f32
  const auto tanhs = gate(x, open).to_vector<float>();
  const auto sigmoids = gate(open, x).to_vector<float>();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double v = points[i];
    EXPECT_NEAR(tanhs[i], std::tanh(v), 4e-7) << v;
    EXPECT_NEAR(sigmoids[i], 1 / (1 + std::exp(-v)), 4e-7) << v;
  }
}

TEST(Dropout, KeepsTheShareAskedForAndTheMean) {
  const Tensor y = dropout(ones({100'000}), 0.2, 3);
  double dropped = 0;
  double total = 0;
  for (float v : y.to_vector<float>()) {
    dropped += v == 0 ? 1 : 0;
    total += static_cast<double>(v);
  }
  EXPECT_NEAR(dropped / 1e5, 0.2, 0.005);  // four standard deviations
  EXPECT_NEAR(total / 1e5, 1, 0.007);
}

void expect_error(const std::function<void()>& call, const std::string& part) {
  try {
    call();
    ADD_FAILURE() << "no error; expected: " << part;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(ShapeErrors, NameTheOpTheRuleAndTheValues) {
  const Tensor x = zeros({2, 3});
  const Tensor i = Tensor::zeros({2}, DType::i32);
  expect_error([&] { x + zeros({2, 4}); }, "add: [2, 3] and [2, 4]");
  expect_error([&] { x - zeros({4}); }, "subtract: [2, 3] and [4]");
  expect_error([&] { x* zeros({3, 3}); }, "multiply: [2, 3] and [3, 3]");
  expect_error([&] { x / zeros({2, 3}, DType::f64); }, "divide: operands of f32 and f64");
  expect_error([&] { tanh(i); }, "tanh: works on f32 and f64");
  expect_error([&] { index(x, {{}, {}, {}}); }, "index: 3 slices for [2, 3]");
  expect_error([&] { index(x, {{.step = 0}}); }, "index: a step must be at least 1, got 0");
  expect_error([&] { reshape(x, {4, -1}); }, "reshape: [2, 3] with 6 elements does not fit");
  expect_error([&] { transpose(x, 0, 2); }, "transpose: dimension 2 is outside [2, 3]");
  expect_error([&] { unsqueeze(x, 4); }, "unsqueeze: dimension 4");
  expect_error([&] { squeeze(x, 3); }, "squeeze: dimension 3");
  expect_error([&] { cat({x, zeros({3, 3})}, 1); }, "cat: parts [2, 3] and [3, 3]");
  expect_error([&] { sum(x, {2}); }, "sum: dimension 2 is outside [2, 3]");
  expect_error([&] { mean(x, {0, -2}); }, "mean: a dimension of [2, 3] is named twice");
  expect_error([&] { var(zeros({1, 3}), {0}); }, "var: needs at least 2 values, [1, 3] gives 1");
  expect_error([&] { matmul(x, zeros({2, 3})); }, "matmul: the last size of [2, 3]");
  expect_error([&] { matmul(zeros({2, 4, 3}), zeros({3, 3, 5})); }, "differ in dimension 0");
  expect_error([&] { softmax(i); }, "softmax: works on f32");
  expect_error([&] { cross_entropy(x, zeros({2})); }, "cross_entropy: targets are i32, got f32");
  expect_error(
      [&] {
        cross_entropy(x, Tensor::from<std::int32_t>({0, 3}, {2}));
      },
      "cross_entropy: target 3 is outside [0, 3)");
  expect_error(
      [&] {
        embedding(x, Tensor::from<std::int32_t>({0, 2}, {2}));
      },
      "embedding: token 2 is outside [0, 2)");
  expect_error(
      [&] {
        batch_norm(zeros({1, 3}), ones({3}), zeros({3}), 1e-5);
      },
      "batch_norm: needs at least 2 rows");
  expect_error([&] { batch_norm(x, ones({2}), zeros({3}), 1e-5); }, "batch_norm: weight [2]");
  expect_error(
      [&] {
        linear(x, zeros({4, 5}), {});
      },
      "linear: weight expects 4 channels, x is [2, 3]");
  expect_error([&] { linear(x, zeros({3, 5}), zeros({4})); }, "linear: bias must be [5], got [4]");
  const Tensor sequence = zeros({2, 6, 3});
  expect_error(
      [&] {
        causal_conv1d(x, zeros({6, 5}), {}, {});
      },
      "causal_conv1d: x must be [B, T, C]");
  expect_error(
      [&] {
        causal_conv1d(sequence, zeros({3, 5}), {}, {});
      },
      "causal_conv1d: weight must be [2 x 3 channels, Cout] as x is [2, 6, 3], got [3, 5]");
  expect_error(
      [&] {
        causal_conv1d(sequence, zeros({6, 5}), {}, {.dilation = 0});
      },
      "causal_conv1d: the dilation must be from 1");
  expect_error(
      [&] {
        causal_conv1d(sequence, zeros({6, 5}), {}, {.width = 0});
      },
      "causal_conv1d: the width must be at least 1, got 0");
  expect_error(
      [&] {
        causal_conv1d(sequence, zeros({6, 5}), {}, {.from = 6});
      },
      "causal_conv1d: rows from 6 on are asked for, x is [2, 6, 3]");
  expect_error([&] { squared_error(sequence, x); },
               "squared_error: needs x [B, T, W] and targets [B, T], got [2, 6, 3] and [2, 3]");
  const Tensor signal = zeros({2, 6});
  expect_error(
      [&] {
        squared_error(sequence, Tensor::zeros({2, 6}, DType::f64));
      },
      "squared_error: x of f32 and targets of f64");
  const auto spectral = [&](const Stft& how) {
    return [&, how] { spectral_loss(sequence, signal, how); };
  };
  expect_error(
      spectral({.fft = 12, .hop = 2, .window = 8}),
      "spectral_loss: the transform must have a power of two from 8 to 32768 points, got 12");
  expect_error(spectral({.fft = 8, .hop = 2, .window = 9}),
               "spectral_loss: the window must be from 1 to 8 samples, got 9");
  expect_error(spectral({.fft = 8, .hop = 0, .window = 8}),
               "spectral_loss: the hop must be at least 1 sample, got 0");
  expect_error(spectral({.fft = 16, .hop = 2, .window = 8}),
               "spectral_loss: a transform of 16 points needs more than 8 samples, got 6");
  expect_error([&] { gate(x, zeros({3, 2})); }, "gate: filter [2, 3] and gate [3, 2] differ");
  expect_error([&] { dropout(x, 1, 0); }, "dropout: the probability must be in [0, 1), got 1");
  expect_error(
      [&] {
        cross_entropy(x, Tensor::from<std::int32_t>({-1, -1}, {2}));
      },
      "cross_entropy: none of the 2 rows has a target");
}

TEST(Autograd, RecordsNothingUnderNoGrad) {
  const Tensor w = parameter(ones({2}));
  const NoGrad guard;
  EXPECT_FALSE(requires_grad(w * w));
}

TEST(Autograd, RefusesASecondWalk) {
  const Tensor w = parameter(ones({2}));
  const Tensor loss = sum(w * w);
  backward(loss);
  expect_error([&] { backward(loss); }, "walked before");
  EXPECT_EQ(grad(w).to_vector<float>(), (std::vector<float>{2, 2}));
}

TEST(Autograd, BatchNormEqualsItsParts) {
  Rng rng(5);
  const Tensor x = randn({4, 3, 5}, rng, DType::f64);
  const Tensor weight = randn({5}, rng, DType::f64);
  const Tensor bias = randn({5}, rng, DType::f64);
  const Tensor y = (x - mean(x, {0, 1}, true)) / sqrt(var(x, {0, 1}, true) + 1e-5) * weight + bias;
  const auto want = y.to_vector<double>();
  const auto got = batch_norm(x, weight, bias, 1e-5).y.to_vector<double>();
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], 1e-12);
  }
}

}  // namespace
