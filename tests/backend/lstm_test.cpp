// Layers of LSTMs and rows times rows, against the formulas in double, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/backend/targets.h"
#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using testing_targets::for_each_target;

struct Layer {
  Layer(std::int64_t in, std::int64_t size, std::int64_t samples, Rng& rng)
      : x(randn({in, samples}, rng)),
        weight(affine(randn({in + size, 4 * size}, rng), 0.5, 0)),
        bias(randn({4 * size}, rng)),
        state(randn({2, size}, rng)) {}

  std::int64_t size() const { return state.size(1); }
  std::int64_t samples() const { return x.size(1); }

  // What is hidden after each sample, [H, T], when so many samples come at once.
  std::vector<float> hidden(Backend& on, std::int64_t block) const {
    const Tensor hidden = Tensor::zeros({size(), samples() + 1});
    const Tensor cell = Tensor::zeros({size(), samples() + 1});
    const Tensor room = Tensor::zeros({x.size(0) + 6 * size()});
    for (std::int64_t i = 0; i < size(); ++i) {
      hidden.data<float>()[i * hidden.size(1)] = state.data<float>()[i];
      cell.data<float>()[i * cell.size(1)] = state.data<float>()[size() + i];
    }
    for (std::int64_t t = 0; t < samples(); t += block) {
      const std::int64_t end = std::min(samples(), t + block);
      on.lstm(sliced(x, 1, t, end, 1), weight, bias, room, sliced(hidden, 1, t, end + 1, 1),
              sliced(cell, 1, t, end + 1, 1));
    }
    return contiguous(hidden.with_view(sliced(hidden, 1, 1, samples() + 1, 1))).to_vector<float>();
  }

  // The same by Hochreiter and Schmidhuber's formulas with a forget gate.
  std::vector<double> by_formula() const {
    const auto at = [](const Tensor& tensor, std::int64_t i) {
      return static_cast<double>(tensor.data<float>()[i]);
    };
    const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
    const std::int64_t columns = 4 * size();
    std::vector<double> all(static_cast<std::size_t>(size() * samples()));
    std::vector<double> h;
    std::vector<double> c;
    for (std::int64_t i = 0; i < size(); ++i) {
      h.push_back(at(state, i));
      c.push_back(at(state, size() + i));
    }
    for (std::int64_t t = 0; t < samples(); ++t) {
      std::vector<double> gates;
      for (std::int64_t j = 0; j < columns; ++j) {
        double total = at(bias, j);
        for (std::int64_t i = 0; i < x.size(0); ++i) {
          total += at(x, i * samples() + t) * at(weight, i * columns + j);
        }
        for (std::int64_t i = 0; i < size(); ++i) {
          total += h[static_cast<std::size_t>(i)] * at(weight, (x.size(0) + i) * columns + j);
        }
        gates.push_back(total);
      }
      for (std::int64_t i = 0; i < size(); ++i) {
        const auto gate = [&](std::int64_t number) {
          return gates[static_cast<std::size_t>(number * size() + i)];
        };
        double& cell = c[static_cast<std::size_t>(i)];
        cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * std::tanh(gate(2));
        h[static_cast<std::size_t>(i)] = sigmoid(gate(3)) * std::tanh(cell);
        all[static_cast<std::size_t>(i * samples() + t)] = h[static_cast<std::size_t>(i)];
      }
    }
    return all;
  }

  Tensor x, weight, bias, state;
};

void expect_hidden(const std::vector<float>& got, const std::vector<double>& expected,
                   const std::string& where) {
  ASSERT_EQ(got.size(), expected.size()) << where;
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(got[i]), expected[i], 2e-5) << where << ", element " << i;
  }
}

TEST(Lstm, IsTheFormulaOnEveryTargetHoweverTheSamplesCome) {
  Rng rng(8);
  for (const std::int64_t in : {1, 3, 8}) {
    for (const std::int64_t size : {1, 3, 8, 12, 16, 24, 40}) {
      const Layer layer(in, size, 20, rng);
      const std::vector<double> expected = layer.by_formula();
      const std::string what = fmt::format("{} into {}", in, size);
      expect_hidden(layer.hidden(reference_backend(), 20), expected, what);
      for_each_target([&](const std::string& target) {
        const std::vector<float> whole = layer.hidden(cpu_backend(), 20);
        expect_hidden(whole, expected, what + " on " + target);
        EXPECT_EQ(layer.hidden(cpu_backend(), 1), whole) << what << " on " << target;
        EXPECT_EQ(layer.hidden(cpu_backend(), 7), whole) << what << " on " << target;
      });
    }
  }
}

TEST(Lstm, KeepsNaN) {
  Rng rng(9);
  for_each_target([&](const std::string& target) {
    const Layer layer(1, 5, 3, rng);
    layer.x.data<float>()[2] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> got = layer.hidden(cpu_backend(), 3);
    for (std::size_t i = 2; i < got.size(); i += 3) {
      EXPECT_TRUE(std::isnan(got[i])) << target;
    }
  });
}

TEST(Modulate, IsTheFormulaOnEveryTarget) {
  Rng rng(10);
  for (const std::int64_t samples : {1, 3, 8, 31, 64}) {
    const Tensor x = randn({3, samples}, rng);
    const Tensor scale = randn({3, samples}, rng);
    const Tensor shift = randn({3, samples}, rng);
    for (const auto& given :
         {std::pair{true, true}, {true, false}, {false, true}, {false, false}}) {
      const bool scales = given.first;
      const bool shifts = given.second;
      const auto check = [&](Backend& on, const std::string& where) {
        const Tensor y = Tensor::from(x.to_vector<float>(), x.shape());
        on.modulate(y, scales ? View(scale) : View(), shifts ? View(shift) : View(), y);
        for (std::int64_t i = 0; i < x.numel(); ++i) {
          const auto at = [i](const Tensor& of) {
            return static_cast<double>(of.data<float>()[i]);
          };
          ASSERT_NEAR(at(y), (scales ? at(scale) : 1) * at(x) + (shifts ? at(shift) : 0), 2e-6)
              << where << ", " << samples << " samples, element " << i;
        }
      };
      check(reference_backend(), "reference");
      for_each_target([&](const std::string& target) { check(cpu_backend(), target); });
    }
  }
}

}  // namespace
