#include "wavenet/nam/write.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/folder.h"
#include "tests/nam/texts.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/same.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::nam {
namespace {

// With weights that 32 bits hold and short decimals do not.
Model weighted(Model model) {
  std::vector<float> weights(static_cast<std::size_t>(weight_count(model)));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::sin(1.7F * static_cast<float>(i + 1));
  }
  set_weights(model, weights);
  return model;
}

// Every option of a layer, two arrays, a condition and a post head.
Model rich() {
  WaveNet net;
  net.condition = std::make_shared<const Model>(weighted(Model{.net = nano()}));
  for (const std::int64_t input : {1, 4}) {
    LayerArray array{.input = input, .channels = 4, .bottleneck = 2};
    array.rechannel = {.in = input, .out = 4, .has_bias = false};
    for (const Gating gating : {Gating::none, Gating::gated, Gating::blended}) {
      const std::int64_t width = gating == Gating::none ? 2 : 4;
      Layer layer{.conv = {.in = 4, .out = width, .kernel = 3, .dilation = 5, .groups = 2},
                  .mixin = {.out = width, .has_bias = false},
                  .gating = gating,
                  .activation{.function = Function::prelu, .slopes{0.1F, 0.3F}},
                  .gate{.function = Function::leaky_hard_tanh, .least = -0.3F},
                  .layer1x1 = Convolution{.in = 2, .out = 4, .groups = 2},
                  .head1x1 = Convolution{.in = 2, .out = 4}};
      const std::array<std::int64_t, kFilmPlaces> widths{4, width, 1, width, width, 2, 4, 4};
      for (std::size_t p = 0; p < kFilmPlaces; ++p) {
        const bool shift = p % 2 == 0;
        layer.films[p] = Film{shift, {.out = widths[p] * (shift ? 2 : 1)}};
      }
      array.layers.push_back(layer);
    }
    array.head = {.in = 4, .out = 4, .kernel = 3, .dilation = 2};
    array.slices = Slices{{1, 3, 4}};
    net.arrays.push_back(array);
  }
  net.head = PostHead{.activation{.function = Function::softsign},
                      .convolutions{{.in = 4, .out = 3, .kernel = 2}, {.in = 3, .kernel = 4}}};
  return weighted(Model{.net = net});
}

Model lstm() {
  return weighted({.sample_rate = 44'100.5,
                   .net = Lstm{.hidden = 3, .layers{LstmLayer{.in = 1}, LstmLayer{.in = 3}}}});
}

Model convnet() {
  ConvNet net;
  net.activation = {.function = Function::leaky_relu, .slopes{0.2F}};
  for (const std::int64_t in : {1, 4}) {
    ConvNetBlock& block = net.blocks.emplace_back();
    block.conv = {.in = in, .out = 4, .kernel = 2, .dilation = 8, .has_bias = false};
    block.norm.emplace();
  }
  net.head = {.in = 4};
  return weighted({.net = net});
}

Model container() {
  return {.sample_rate = 48'000,
          .net = Container{{{0.5, std::make_shared<const Model>(weighted({.net = a2_lite()}))},
                            {1, std::make_shared<const Model>(weighted({.net = a2_full()}))}}}};
}

std::vector<Model> one_of_each() {
  const auto shared = std::make_shared<const Model>(lstm());
  return {weighted({.net = standard()}),
          rich(),
          lstm(),
          convnet(),
          weighted({.net = Linear{.impulse = std::vector<float>(5)}}),
          container(),
          Model{.net = Sequential{{shared, shared}}}};
}

TEST(NamWrite, IsReadBackToTheSameBits) {
  for (const Model& model : one_of_each()) {
    const std::string text = text_of(model);
    EXPECT_TRUE(same(parse(text, "a.nam"), model)) << text.substr(0, 200);
    EXPECT_EQ(text_of(parse(text, "a.nam")), text);
  }
}

TEST(NamWrite, KeepsEveryKindOfNumber) {
  Model model{
      .net = Linear{.impulse{0.0F, -0.0F, 1.0F, 16'777'216.0F, 0.1F,
                             std::numeric_limits<float>::max(), std::numeric_limits<float>::min(),
                             std::numeric_limits<float>::denorm_min(), 1e-7F, 1.0F / 3}}};
  EXPECT_TRUE(same(parse(text_of(model), "a.nam"), model));
  EXPECT_NE(text_of(model).find("0.1, 3.4028235e+38"), std::string::npos);
  for (const float broken : {NAN, HUGE_VALF}) {
    std::get<Linear>(model.net).bias = broken;
    EXPECT_NE(problem_of([&] { text_of(model); }).find("a .nam file cannot hold the number"),
              std::string::npos);
  }
}

// The keys that the newest trainer writes, in its order; players' fast paths look at them.
TEST(NamWrite, SpellsOutEveryKey) {
  WaveNet net = std::get<WaveNet>(parse(kTiny, "a.nam").net);
  const std::string inactive = R"({"active": false, "shift": true, "groups": 1})";
  EXPECT_EQ(
      text_of({.sample_rate = 48'000, .net = net}),
      R"({"version": "0.7.0", "architecture": "WaveNet", "config": {"layers": [{"input_size": 1, )"
      R"("condition_size": 1, "head": {"out_channels": 1, "kernel_size": 1, "bias": true}, )"
      R"("channels": 1, "kernel_sizes": [2], "dilations": [3], "activation": [{"type": "Tanh"}], )"
      R"("bottleneck": 1, "head1x1": {"active": false, "out_channels": 1, "groups": 1}, )"
      R"("layer1x1": {"active": true, "groups": 1}, "groups_input": 1, "groups_input_mixin": 1, )"
      R"("conv_pre_film": )" +
          inactive + R"(, "conv_post_film": )" + inactive + R"(, "input_mixin_pre_film": )" +
          inactive + R"(, "input_mixin_post_film": )" + inactive + R"(, "activation_pre_film": )" +
          inactive + R"(, "activation_post_film": )" + inactive + R"(, "layer1x1_post_film": )" +
          inactive + R"(, "head1x1_post_film": )" + inactive +
          R"(, "gating_mode": ["none"], "secondary_activation": [null], "slimmable": null}], )"
          R"("head": null, "head_scale": 0.7}, "weights": [0.5, 0.25, -0.75, 0.125, 1.5, 2.0, -0.5, )"
          R"(0.3, 0.1, 0.7], "sample_rate": 48000})"
          "\n");
}

TEST(NamWrite, ThePlainFormIsThatOfOlderFiles) {
  EXPECT_EQ(
      text_of(parse(kTiny, "a.nam"), Form::plain),
      R"({"version": "0.5.4", "architecture": "WaveNet", "config": {"layers": [{"input_size": 1, )"
      R"("condition_size": 1, "head_size": 1, "channels": 1, "kernel_size": 2, )"
      R"("dilations": [3], "activation": "Tanh", "gated": false, "head_bias": true}], )"
      R"("head": null, "head_scale": 0.7}, "weights": [0.5, 0.25, -0.75, 0.125, 1.5, 2.0, -0.5, )"
      R"(0.3, 0.1, 0.7], "sample_rate": 48000})"
      "\n");
  const Model model = weighted({.net = standard()});
  EXPECT_TRUE(same(parse(text_of(model, Form::plain), "a.nam"), model));
  for (const Model& other : {rich(), weighted({.net = a2_full()})}) {
    EXPECT_EQ(problem_of([&] { text_of(other, Form::plain); }).substr(0, 48),
              "the form of version 0.5.4 cannot hold this net: ");
  }
}

TEST(NamWrite, WhatNoFileCanSayIsRefused) {
  WaveNet uneven = nano();
  uneven.arrays[0].layers[3].conv.groups = 2;
  uneven.arrays[0].layers[3].conv.weight.resize(24);
  EXPECT_EQ(problem_of([&] { text_of({.net = uneven}); }).substr(0, 35),
            "a .nam file cannot hold this net: a");
  WaveNet damaged = nano();
  damaged.arrays[0].head.weight.clear();
  EXPECT_NE(problem_of([&] { text_of({.net = damaged}); }), "none");
  for (const Model& empty :
       {Model{}, Model{.net = Lstm{}}, Model{.net = ConvNet{}}, Model{.net = Linear{}},
        Model{.net = Container{}}, Model{.net = Sequential{{nullptr}}}}) {
    EXPECT_NE(problem_of([&] { text_of(empty); }), "none");
  }
}

TEST(NamWrite, OfTheMetadataTheNumbersWin) {
  Model model = parse(kTiny, "a.nam");
  model.metadata = {.loudness = -18.25, .json = R"({"name": "x", "loudness": 1, "gain": 0.5})"};
  EXPECT_NE(text_of(model).find(R"("metadata": {"name":"x","loudness":-18.25})"),
            std::string::npos);
  model.metadata.loudness = NAN;
  EXPECT_EQ(problem_of([&] { text_of(model); }), "a .nam file cannot hold a loudness of nan");
  model.metadata = {.json = "[1"};
  EXPECT_EQ(problem_of([&] { text_of(model); }), "a .nam file's metadata must be a JSON object");
}

using NamWriteFile = InFolder;

TEST_F(NamWriteFile, IsReadAgain) {
  write(folder_ / "a.nam", container());
  EXPECT_TRUE(same(read(folder_ / "a.nam"), container()));
}

}  // namespace
}  // namespace wavenet::nam
