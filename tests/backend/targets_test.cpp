// Every kernel on every instruction set that this machine has, by hiding the better ones, against
// the reference; and NaN, which must never turn into a number.
#include "tests/backend/targets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include "wavenet/backend/backend.h"
#include "wavenet/backend/cpu/peak.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using testing_targets::for_each_target;
using Inputs = std::vector<Tensor>;

struct TargetCase {
  std::string name;
  std::function<Tensor(const Inputs&)> f;
  std::vector<Shape> shapes;
};

Starts starts_of(std::vector<std::int64_t> rows) {
  return std::make_shared<const std::vector<std::int64_t>>(std::move(rows));
}

// Sizes beside the widths of vectors and tiles: one less, one more, several.
std::vector<TargetCase> cases() {
  std::vector<TargetCase> all;
  for (const std::int64_t n : {1, 3, 8, 17, 31, 40, 64}) {
    all.push_back({"linear",
                   [](auto& x) { return linear(x[0], x[1], x[2]); },
                   {{15, n}, {n, n + 2}, {n + 2}}});
    all.push_back({"linear, of more rows than a block of sums has",
                   [](auto& x) { return affine(linear(x[0], x[1], x[2]), 0.05, 0); },
                   {{2 * kSumBlock + 3, n}, {n, n + 2}, {n + 2}}});
    all.push_back({"linear, added to another",
                   [](auto& x) { return linear(x[0], x[1], x[2], x[3]); },
                   {{15, n}, {n, n + 2}, {n + 2}, {15, n + 2}}});
    all.push_back(
        {"causal_conv1d",
         [](auto& x) { return causal_conv1d(x[0], x[1], x[2], {.width = 2, .dilation = 3}); },
         {{2, 9, n}, {2 * n, n + 1}, {n + 1}}});
    all.push_back({"causal_conv1d, the last rows alone",
                   [](auto& x) {
                     return causal_conv1d(x[0], x[1], {}, {.width = 3, .dilation = 2, .from = 3});
                   },
                   {{2, 19, n}, {3 * n, 2}}});
    all.push_back({"causal_conv1d, added to a row each",
                   [](auto& x) {
                     return causal_conv1d(x[0], x[1], x[2], {.width = 3, .dilation = 2, .from = 2},
                                          x[3]);
                   },
                   {{2, 19, n}, {3 * n, n + 1}, {n + 1}, {2, 17, n + 1}}});
    all.push_back(
        {"causal_conv1d, added to one for all rows",
         [](auto& x) { return causal_conv1d(x[0], x[1], {}, {.width = 2, .dilation = 3}, x[2]); },
         {{2, 9, n}, {2 * n, n + 2}, {2, 1, n + 2}}});
    all.push_back({"causal_conv1d, packed",
                   [](auto& x) {
                     return causal_conv1d(
                         x[0], x[1], x[2],
                         {.width = 3, .dilation = 2, .starts = starts_of({0, 1, 6, 8})});
                   },
                   {{1, 17, n}, {3 * n, n + 1}, {n + 1}}});
    all.push_back({"batch_norm",
                   [](auto& x) { return batch_norm(x[0], x[1], x[2], 1e-5).y; },
                   {{6, n}, {n}, {n}}});
    all.push_back({"gate", [](auto& x) { return gate(x[0], x[1]); }, {{3, n}, {3, n}}});
    all.push_back({"tanh", [](auto& x) { return tanh(x[0]); }, {{3, n}}});
    all.push_back({"relu", [](auto& x) { return relu(x[0]); }, {{3, n}}});
    all.push_back({"softmax", [](auto& x) { return softmax(x[0]); }, {{3, n}}});
    all.push_back({"dropout", [](auto& x) { return dropout(x[0], 0.4, 9); }, {{3, n}}});
    all.push_back({"cross_entropy",
                   [](auto& x) {
                     return cross_entropy(x[0], Tensor::from<std::int32_t>({0, -1, 0}, {3}), 0.1);
                   },
                   {{3, n}}});
    all.push_back({"arithmetic",
                   [](auto& x) { return (x[0] + x[1]) * x[0] - affine(x[1], 0.5, 2); },
                   {{3, n}, {n}}});
  }
  return all;
}

// The result and the gradients of all inputs, in f32.
std::vector<float> run(const TargetCase& c, const std::vector<std::vector<float>>& values) {
  Inputs inputs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    inputs.push_back(parameter(Tensor::from(values[i], c.shapes[i])));
  }
  const Tensor y = c.f(inputs);
  std::vector<float> all = y.to_vector<float>();
  backward(sum(y * y));
  for (const Tensor& input : inputs) {
    const std::vector<float> gradient = grad(input).to_vector<float>();
    all.insert(all.end(), gradient.begin(), gradient.end());
  }
  return all;
}

// Small, so that long sums stay near 1 and round to little.
std::vector<std::vector<float>> random_values(const TargetCase& c, Rng& rng) {
  std::vector<std::vector<float>> values;
  for (const Shape& shape : c.shapes) {
    values.push_back(affine(randn(shape, rng), 0.25, 0).to_vector<float>());
  }
  return values;
}

// That hiding works: the widths of vectors differ.
TEST(Targets, AreReallyChosen) {
  std::set<double> operations;
  int targets = 0;
  for_each_target([&](const std::string&) {
    operations.insert(cpu::multiply_adds(1));
    ++targets;
  });
  if (targets < 3) {
    GTEST_SKIP() << "this machine has only " << targets << " instruction sets";
  }
  EXPECT_GT(operations.size(), 1U);
}

TEST(Targets, AgreeWithTheReference) {
  Rng rng(5);
  int targets = 0;
  for (const TargetCase& c : cases()) {
    const std::vector<std::vector<float>> values = random_values(c, rng);
    std::vector<float> expected;
    {
      const UseBackend use(reference_backend());
      expected = run(c, values);
    }
    targets = 0;
    for_each_target([&](const std::string& target) {
      ++targets;
      const std::vector<float> got = run(c, values);
      ASSERT_EQ(got.size(), expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_NEAR(got[i], expected[i], 2e-5F * (1 + std::abs(expected[i])))
            << c.name << " on " << target << ", element " << i;
      }
    });
  }
  EXPECT_GE(targets, 1);
}

// One NaN in the first input reaches the result.
TEST(Targets, KeepNaN) {
  Rng rng(6);
  for (const TargetCase& c : cases()) {
    if (c.name == "dropout") {  // may drop it
      continue;
    }
    std::vector<std::vector<float>> values = random_values(c, rng);
    values[0][0] = std::numeric_limits<float>::quiet_NaN();
    for_each_target([&](const std::string& target) {
      const NoGrad guard;
      Inputs inputs;
      for (std::size_t i = 0; i < values.size(); ++i) {
        inputs.push_back(Tensor::from(values[i], c.shapes[i]));
      }
      const std::vector<float> y = c.f(inputs).to_vector<float>();
      EXPECT_TRUE(std::any_of(y.begin(), y.end(), [](float v) { return std::isnan(v); }))
          << c.name << " on " << target;
    });
  }
}

}  // namespace
