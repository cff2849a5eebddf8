// Nets small enough for the answer to be worked out by hand.
#include "wavenet/nam/reference.h"

#include <cmath>

#include "tests/folder.h"
#include "wavenet/nam/file_order.h"

namespace wavenet::nam {
namespace {

// One layer of one channel: u = x; z = x + 2 x; head sum a; answer 0.5 a.
WaveNet one_layer(const Activation& activation, Gating gating = Gating::none) {
  const bool gated = gating != Gating::none;
  WaveNet net{.arrays{LayerArray{}}, .head_scale = 0.5F};
  LayerArray& array = net.arrays[0];
  array.rechannel = {.has_bias = false, .weight{1}};
  Layer layer{.mixin = {.has_bias = false, .weight{2}}, .gating = gating, .activation = activation};
  layer.conv = {.weight{1}, .bias{0}};
  if (gated) {
    layer.conv = {.out = 2, .weight{1, -1}, .bias{0, 0.25F}};
    layer.mixin = {.out = 2, .has_bias = false, .weight{2, 0}};
  }
  array.layers.push_back(layer);
  array.head = {.has_bias = false, .weight{1}};
  return net;
}

const std::vector<float> kInput{-1.5F, -0.25F, 0, 0.125F, 2};

void expect_answers(const WaveNet& net, const std::function<double(double)>& expected,
                    const std::string& what) {
  const std::vector<double> got = answer({.net = net}, kInput);
  ASSERT_EQ(got.size(), kInput.size());
  for (std::size_t t = 0; t < kInput.size(); ++t) {
    EXPECT_NEAR(got[t], expected(static_cast<double>(kInput[t])), 1e-7)
        << what << " of " << kInput[t];
  }
}

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

TEST(NamReference, ActivationsAreThoseOfTheirNames) {
  const std::pair<Activation, double (*)(double)> known[]{
      {{Function::tanh}, [](double z) { return std::tanh(z); }},
      {{Function::fast_tanh}, [](double z) { return std::tanh(z); }},
      {{Function::hard_tanh}, [](double z) { return z < -1  ? -1
                                                    : z > 1 ? 1
                                                            : z; }},
      {{Function::relu}, [](double z) { return z < 0 ? 0 : z; }},
      {{Function::sigmoid}, sigma},
      {{Function::silu}, [](double z) { return z * sigma(z); }},
      {{Function::hard_swish}, [](double z) { return z < -3  ? 0
                                                     : z > 3 ? z
                                                             : z * (z + 3) / 6; }},
      {{Function::softsign}, [](double z) { return z / (1 + std::abs(z)); }},
      {{Function::leaky_relu, {0.25F}}, [](double z) { return z < 0 ? z / 4 : z; }},
      {{Function::prelu, {0.5F}}, [](double z) { return z < 0 ? z / 2 : z; }},
      {{.function = Function::leaky_hard_tanh,
        .least = -0.5F,
        .most = 2,
        .slope_below = 0.125F,
        .slope_above = 0.25F},
       [](double z) { return z < -0.5 ? (z + 0.5) / 8 - 0.5
                             : z > 2  ? (z - 2) / 4 + 2
                                      : z; }},
  };
  for (const auto& one : known) {
    const Activation& activation = one.first;
    expect_answers(
        one_layer(activation), [&one](double x) { return 0.5 * one.second(3 * x); },
        std::to_string(static_cast<int>(activation.function)));
  }
}

TEST(NamReference, GatesMultiplyOrBlend) {
  const Activation tanh{Function::tanh};
  const auto s = [](double x) { return sigma(0.25 - x); };
  expect_answers(
      one_layer(tanh, Gating::gated), [&](double x) { return 0.5 * std::tanh(3 * x) * s(x); },
      "gated");
  expect_answers(
      one_layer(tanh, Gating::blended),
      [&](double x) { return 0.5 * (s(x) * std::tanh(3 * x) + (1 - s(x)) * 3 * x); }, "blended");
}

// With u through relu and layer1x1 2 r + 1 into a second layer, whose activation is relu too.
TEST(NamReference, TheResidualGoesOnAndFilmActsOnIt) {
  WaveNet net = one_layer({Function::relu});
  Layer& first = net.arrays[0].layers[0];
  first.layer1x1 = Convolution{.weight{2}, .bias{1}};
  const auto relu = [](double z) { return z < 0 ? 0 : z; };
  net.arrays[0].layers.push_back(first);
  expect_answers(
      net,
      [&](double x) {
        const double a = relu(3 * x);
        return 0.5 * (a + relu(x + 2 * a + 1 + 2 * x));
      },
      "residual");
  // r becomes 3 x r - x.
  net.arrays[0].layers[0].films[static_cast<std::size_t>(FilmPlace::layer1x1_after)] =
      Film{true, {.out = 2, .weight{3, -1}, .bias{0, 0}}};
  expect_answers(
      net,
      [&](double x) {
        const double a = relu(3 * x);
        return 0.5 * (a + relu(x + 3 * x * (2 * a + 1) - x + 2 * x));
      },
      "FiLM");
  net.arrays[0].layers[0].layer1x1.reset();
  net.arrays[0].layers[0].films = {};
  expect_answers(
      net, [&](double x) { return 0.5 * (relu(3 * x) + relu(3 * x)); },
      "no layer1x1: what entered goes on unchanged");
}

TEST(NamReference, EachFilmScalesItsOwnPlace) {
  const std::pair<FilmPlace, double (*)(double)> known[]{
      // p = x / 2 + 1; relu(conv + mixin) where conv gives x, mixin 2 x.
      {FilmPlace::conv_before, [](double x) { return (x / 2 + 1) * x + 2 * x; }},
      {FilmPlace::conv_after, [](double x) { return (x / 2 + 1) * x + 2 * x; }},
      {FilmPlace::mixin_before, [](double x) { return x + 2 * (x / 2 + 1) * x; }},
      {FilmPlace::mixin_after, [](double x) { return x + (x / 2 + 1) * 2 * x; }},
      {FilmPlace::activation_before, [](double x) { return (x / 2 + 1) * 3 * x; }},
  };
  const Film film{false, {.weight{0.5F}, .bias{1}}};
  for (const auto& one : known) {
    const FilmPlace place = one.first;
    WaveNet net = one_layer({Function::relu});
    net.arrays[0].layers[0].films[static_cast<std::size_t>(place)] = film;
    expect_answers(
        net, [&one](double x) { return 0.5 * std::fmax(0, one.second(x)); },
        std::to_string(static_cast<int>(place)));
  }
  for (const FilmPlace place : {FilmPlace::activation_after, FilmPlace::head1x1_after}) {
    WaveNet net = one_layer({Function::relu});
    net.arrays[0].layers[0].head1x1 = Convolution{.weight{1}, .bias{0}};
    net.arrays[0].layers[0].films[static_cast<std::size_t>(place)] = film;
    expect_answers(
        net, [&](double x) { return 0.5 * (x / 2 + 1) * std::fmax(0, 3 * x); },
        std::to_string(static_cast<int>(place)));
  }
}

TEST(NamReference, ALinearModelIsItsImpulse) {
  const Model model{.net = Linear{{0.5F, -1, 0.25F}, 2}};
  EXPECT_EQ(answer(model, std::vector<float>{1, 0, 0, 0}), (std::vector<double>{2.5, 1, 2.25, 2}));
  const auto shared = std::make_shared<const Model>(model);
  // Silence gives 2, and that again 2 - 0.25 * 2.
  EXPECT_EQ(answer({.net = Sequential{{shared, shared}}}, std::vector<float>{0, 0}),
            (std::vector<double>{1.5, 1.5}));
}

TEST(NamReference, ConvolutionsReadTheirGroupsAlone) {
  ConvNet net;
  net.activation.function = Function::relu;
  net.blocks.resize(2);
  net.blocks[0].conv = {.out = 2, .kernel = 2, .weight{0, 1, 0, 10}, .bias{0, 0}};
  net.blocks[1].conv = {
      .in = 2, .out = 2, .kernel = 2, .dilation = 2, .groups = 2, .weight{1, 0, 0, 1}, .bias{0, 0}};
  net.head = {.in = 2, .weight{1, 1}, .bias{0}};
  // The first channel comes two samples late, the second ten times as loud.
  EXPECT_EQ(answer({.net = net}, std::vector<float>{1, 2, 3, 4}),
            (std::vector<double>{10, 20, 31, 42}));
  net.blocks[0].norm = BatchNorm{.mean{1, 0}, .var{3, 0}, .gamma{4, 1}, .beta{0, 0}, .eps = 1};
  // (x - 1) / 2 * 4, where positive; x.
  EXPECT_EQ(answer({.net = net}, std::vector<float>{1, 2, 3, 4}),
            (std::vector<double>{10, 20, 30, 42}));
}

// Gates that are constants: cell' = cell / 2 + tanh(1) / 2, which settles at tanh(1).
TEST(NamReference, AnLstmHasSettledBeforeTheSignal) {
  const Lstm lstm{
      .hidden = 1,
      .layers{LstmLayer{
          .in = 1, .weight = std::vector<float>(8), .bias{0, 0, 1, 0}, .hidden{0.5F}, .cell{7}}},
      .head{2},
      .bias = 0.25F};
  const double expected = 2 * 0.5 * std::tanh(std::tanh(1.0)) + 0.25;
  for (const double sample : answer({.net = lstm}, std::vector<float>{1, 2})) {
    EXPECT_NEAR(sample, expected, 1e-12);
  }
}

TEST(NamReference, OtherChannelsThanTheModelReadsAreRefused) {
  EXPECT_EQ(problem_of([] { answer(Model{.net = Linear{{1}}}, Signal(2)); }),
            "answer: the model reads 1 channels, got 2");
}

}  // namespace
}  // namespace wavenet::nam
