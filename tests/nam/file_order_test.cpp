#include "wavenet/nam/file_order.h"

#include <gtest/gtest.h>

#include <numeric>
#include <utility>

#include "tests/folder.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::nam {
namespace {

Film film() { return {.map = {.out = 2}}; }

TEST(NamFileOrder, IsThatOfTheFormat) {
  WaveNet net;
  net.arrays.resize(2);
  for (LayerArray& array : net.arrays) {
    array.layers.resize(2);
  }
  Layer& full = net.arrays[0].layers[1];
  full.layer1x1.emplace();
  full.head1x1.emplace();
  for (std::optional<Film>& place : full.films) {
    place = film();
  }
  net.head.emplace();
  net.head->convolutions.resize(2);

  const Layer& plain = net.arrays[0].layers[0];
  std::vector<const Convolution*> expected{
      &net.arrays[0].rechannel, &plain.conv,   &plain.mixin, &full.conv, &full.mixin,
      &*full.layer1x1,          &*full.head1x1};
  for (const FilmPlace place :
       {FilmPlace::conv_before, FilmPlace::conv_after, FilmPlace::mixin_before,
        FilmPlace::mixin_after, FilmPlace::activation_before, FilmPlace::activation_after,
        FilmPlace::layer1x1_after, FilmPlace::head1x1_after}) {
    expected.push_back(&full.films[static_cast<std::size_t>(place)]->map);
  }
  const LayerArray& second = net.arrays[1];
  const std::vector<const Convolution*> rest{&net.arrays[0].head,
                                             &second.rechannel,
                                             &second.layers[0].conv,
                                             &second.layers[0].mixin,
                                             &second.layers[1].conv,
                                             &second.layers[1].mixin,
                                             &second.head,
                                             &net.head->convolutions[0],
                                             &net.head->convolutions[1]};
  expected.insert(expected.end(), rest.begin(), rest.end());
  EXPECT_EQ(file_order(std::as_const(net)), expected);
  const std::vector<Convolution*> order = file_order(net);
  EXPECT_EQ(std::vector<const Convolution*>(order.begin(), order.end()), expected);
}

TEST(NamFileOrder, WeightsComeBackToTheirPlaces) {
  Model model{.net = nano()};
  std::vector<float> weights(842);
  std::iota(weights.begin(), weights.end(), 1.0F);
  set_weights(model, weights);
  const WaveNet& net = std::get<WaveNet>(model.net);
  EXPECT_EQ(net.arrays[0].rechannel.weight, (std::vector<float>{1, 2, 3, 4}));
  const Layer& layer = net.arrays[0].layers[0];
  EXPECT_EQ(layer.conv.weight.front(), 5);
  EXPECT_EQ(layer.conv.bias, (std::vector<float>{53, 54, 55, 56}));
  EXPECT_EQ(layer.mixin.weight, (std::vector<float>{57, 58, 59, 60}));
  EXPECT_EQ(net.arrays[1].head.bias, (std::vector<float>{841}));
  EXPECT_EQ(net.head_scale, 842);
  EXPECT_EQ(weights_of(model), weights);
}

TEST(NamFileOrder, CountsThatDoNotFitAreRefused) {
  Model model{.net = nano()};
  EXPECT_EQ(problem_of([&] { set_weights(model, std::vector<float>(841)); }),
            "set_weights: the net has 842 weights, got 841");
  std::get<WaveNet>(model.net).arrays[0].head.weight.pop_back();
  EXPECT_EQ(problem_of([&] { weights_of(model); }),
            "weights_of: a part of the net holds 7 numbers where its shape asks for 8");
}

TEST(NamFileOrder, OtherNetsCountAsTheirFilesDo) {
  Lstm wide{.hidden = 16, .layers{LstmLayer{.in = 1}}};
  EXPECT_EQ(weight_count({.net = wide}), 1'201);
  Lstm deep{.hidden = 8, .layers{LstmLayer{.in = 1}, LstmLayer{.in = 8}}};
  EXPECT_EQ(weight_count({.net = deep}), 905);
  ConvNet normed;
  normed.blocks.resize(1);
  normed.blocks[0].conv = {.out = 8, .kernel = 2, .has_bias = false};
  normed.blocks[0].norm.emplace();
  normed.head = {.in = 8};
  EXPECT_EQ(weight_count({.net = normed}), 16 + 4 * 8 + 1 + 9);
  EXPECT_EQ(weight_count({.net = Linear{.impulse = std::vector<float>(64)}}), 65);
  EXPECT_EQ(weight_count({.net = Container{}}), 0);
}

}  // namespace
}  // namespace wavenet::nam
