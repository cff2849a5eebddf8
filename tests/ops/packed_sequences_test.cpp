// Sequences that stand end to end give what each gives alone, in every kind of convolution, and so
// do their gradients: forward the same bits, gradients to the rounding of f64.
#include <gtest/gtest.h>

#include <numeric>

#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kIn = 5;
constexpr std::int64_t kOut = 21;
const std::vector<std::int64_t> kLengths{7, 1, 2, 12, 3};

Tensor rows_of(const Tensor& x, std::int64_t first, std::int64_t count) {
  return contiguous(index(x, {{}, {.start = first, .stop = first + count}}));
}

struct Results {
  Tensor y;
  std::vector<Tensor> gradients;
};

Results results_of(const std::function<Tensor(const std::vector<Tensor>&)>& f, const Tensor& x,
                   const Tensor& weight, const Tensor& bias) {
  const std::vector<Tensor> inputs{parameter(x.detach()), parameter(weight.detach()),
                                   parameter(bias.detach())};
  Results results{f(inputs), {}};
  backward(sum(results.y * results.y));
  for (const Tensor& input : inputs) {
    results.gradients.push_back(grad(input));
  }
  return results;
}

template <class T>
void expect_alike(double tolerance) {
  Rng rng(3);
  const std::int64_t length = std::accumulate(kLengths.begin(), kLengths.end(), std::int64_t{0});
  std::vector<std::int64_t> starts;
  std::exclusive_scan(kLengths.begin(), kLengths.end(), std::back_inserter(starts),
                      std::int64_t{0});
  const auto random = [&](const Shape& shape) { return randn(shape, rng, dtype_of<T>()); };
  for (const Padding padding : {Padding::first, Padding::zero}) {
    for (const std::int64_t width : {1, 2, 3}) {
      for (const std::int64_t dilation : {1, 2, 4, 20}) {
        SCOPED_TRACE(fmt::format("width {}, dilation {}", width, dilation));
        const ConvGeometry geometry{.width = width, .dilation = dilation, .padding = padding};
        const Tensor x = random({1, length, kIn});
        const Tensor weight = random({width * kIn, kOut});
        const Tensor bias = random({kOut});
        const Results packed = results_of(
            [&](auto& inputs) {
              ConvGeometry of_all = geometry;
              of_all.starts = std::make_shared<const std::vector<std::int64_t>>(starts);
              return causal_conv1d(inputs[0], inputs[1], inputs[2], of_all);
            },
            x, weight, bias);
        const Results alone = results_of(
            [&](auto& inputs) {
              std::vector<Tensor> parts;
              for (std::size_t i = 0; i < kLengths.size(); ++i) {
                parts.push_back(causal_conv1d(rows_of(inputs[0], starts[i], kLengths[i]), inputs[1],
                                              inputs[2], geometry));
              }
              return cat(parts, 1);
            },
            x, weight, bias);
        EXPECT_EQ(packed.y.to_vector<T>(), alone.y.to_vector<T>());
        for (std::size_t i = 0; i < packed.gradients.size(); ++i) {
          const auto got = packed.gradients[i].to_vector<T>();
          const auto expected = alone.gradients[i].to_vector<T>();
          for (std::size_t at = 0; at < got.size(); ++at) {
            ASSERT_NEAR(got[at], expected[at], tolerance * (1 + std::abs(expected[at])))
                << "gradient " << i << ", element " << at;
          }
        }
      }
    }
  }
}

TEST(PackedSequences, AreAsEachAlone) {
  expect_alike<double>(1e-13);
  expect_alike<float>(1e-5);
}

// Every model obeys the starts that it is given, whoever gives them.
TEST(PackedSequences, AreObeyedByEveryModelOfSequences) {
  const std::vector<std::int32_t> codes{0, 3, 1, 2, 0, 1, 1, 0, 2, 2, 3, 4};
  const std::vector<std::int64_t> starts{0, 4, 7};
  const Tensor packed = Tensor::from(codes, {1, std::ssize(codes)});
  Rng rng(5);
  std::vector<std::unique_ptr<models::Model>> all;
  all.push_back(std::make_unique<models::WaveNet>(
      models::WaveNetOptions{
          .vocabulary = 5, .embedding = 4, .residual = 6, .skip = 7, .dilations = {1, 2, 4}},
      rng));
  all.push_back(std::make_unique<models::Convolution>(
      models::ConvolutionOptions{5, 4, 6, 2, {1, 2, 4}}, rng));
  all.push_back(std::make_unique<study::GrowingStack>(study::StackOptions{5, 4, 6, 7, {1, 2, 4}},
                                                      study::StackParts{.gate = true}, rng));
  all.push_back(std::make_unique<models::Ngram>(5, 4));
  all.back()->fit({codes});
  for (const auto& model : all) {
    for (const auto& [name, tensor] : model->parameters()) {
      rng.fill_normal(std::span(tensor.data<float>(), static_cast<std::size_t>(tensor.numel())));
    }
    model->eval();
    const NoGrad guard;
    const Tensor together =
        model->raw({packed, {.starts = std::make_shared<const std::vector<std::int64_t>>(starts)}});
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const std::int64_t stop = i + 1 < starts.size() ? starts[i + 1] : std::ssize(codes);
      const Tensor part = contiguous(index(packed, {{}, {.start = starts[i], .stop = stop}}));
      const Tensor expected = index(together, {{}, {.start = starts[i], .stop = stop}});
      EXPECT_EQ(model->raw({part}).to_vector<float>(), expected.to_vector<float>())
          << model->kind() << ", sequence " << i;
    }
  }
}

TEST(PackedSequences, AreRefusedByAModelOfWindows) {
  Rng rng(6);
  models::Mlp mlp({5, 3, 4, 6}, rng);
  const wavenet::Inputs packed{Tensor::zeros({1, 3}, DType::i32),
                               {.starts = std::make_shared<const std::vector<std::int64_t>>(
                                    std::vector<std::int64_t>{0, 2})}};
  EXPECT_THROW(mlp.raw(packed), Error);
  EXPECT_THROW(mlp.everywhere(packed), Error);
}

}  // namespace
