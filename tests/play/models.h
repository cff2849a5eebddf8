// Models of every kind and with every option, whose weights are random.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wavenet/base/split_mix.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/shapes.h"

namespace testing_amplifiers {

using namespace wavenet;

inline std::vector<float> noise(std::size_t count, std::uint64_t seed, float size = 0.5F) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const double unit = unit_interval(split_mix(seed * 1'000'003 + i));
    samples.push_back(size * static_cast<float>(2 * unit - 1));
  }
  return samples;
}

// Uniform within the bound that keeps a layer's answer as large as what it reads.
inline nam::Model with_weights(nam::Model model, std::uint64_t seed, float size = 0.35F) {
  const auto count = static_cast<std::size_t>(nam::weight_count(model));
  nam::set_weights(model, noise(count, seed, size));
  if (auto* net = std::get_if<nam::WaveNet>(&model.net)) {
    net->head_scale = 0.5F;
  }
  return model;
}

// One array of two layers, of `channels`, which read a condition of one channel.
inline nam::WaveNet small(std::int64_t channels, std::int64_t width = 0,
                          nam::Gating gating = nam::Gating::none, std::int64_t groups = 1,
                          std::int64_t condition = 1) {
  width = width == 0 ? channels : width;
  const std::int64_t wide = gating == nam::Gating::none ? width : 2 * width;
  nam::LayerArray array;
  array.condition = condition;
  array.channels = channels;
  array.bottleneck = width;
  array.rechannel = {.in = 1, .out = channels, .has_bias = false};
  for (const std::int64_t dilation : {1, 5}) {
    nam::Layer layer;
    layer.conv = {.in = channels, .out = wide, .kernel = 3, .dilation = dilation, .groups = groups};
    layer.mixin = {.in = condition, .out = wide, .has_bias = false};
    layer.gating = gating;
    layer.layer1x1 = nam::Convolution{.in = width, .out = channels};
    array.layers.push_back(layer);
  }
  array.head = {.in = width, .out = 1, .kernel = 4};
  return {.arrays = {array}};
}

inline nam::Model with_films(std::int64_t condition = 1) {
  nam::WaveNet net = small(4, 4, nam::Gating::gated, 2, condition);
  for (nam::Layer& layer : net.arrays.front().layers) {
    layer.head1x1 = nam::Convolution{.in = 4, .out = 6, .groups = 2};
    const std::array<std::int64_t, nam::kFilmPlaces> widths{4, 8, condition, 8, 8, 4, 4, 6};
    for (std::size_t place = 0; place < widths.size(); ++place) {
      const bool shift = place % 2 == 0;
      layer.films[place] =
          nam::Film{shift, {.in = condition, .out = (shift ? 2 : 1) * widths[place]}};
    }
  }
  net.arrays.front().head.in = 6;
  return with_weights({.net = net}, 11);
}

inline std::vector<std::pair<std::string, nam::Model>> all_models() {
  using nam::Function;
  std::vector<std::pair<std::string, nam::Model>> all;
  const auto add = [&](const std::string& name, const nam::Model& model) {
    all.emplace_back(name, with_weights(model, all.size() + 1));
  };
  add("nano", {.net = nam::nano()});
  add("feather", {.net = nam::feather()});
  add("standard", {.net = nam::standard()});
  add("a2 lite", {.net = nam::a2_lite()});
  add("a2 full", {.net = nam::a2_full()});
  add("odd widths", {.net = small(7, 5)});
  add("gated", {.net = small(6, 5, nam::Gating::gated)});
  add("blended", {.net = small(6, 3, nam::Gating::blended)});
  add("grouped", {.net = small(6, 6, nam::Gating::none, 3)});
  all.emplace_back("films", with_films());

  const std::pair<const char*, nam::Activation> activations[] = {
      {"hard tanh", {Function::hard_tanh}},
      {"relu", {Function::relu}},
      {"sigmoid", {Function::sigmoid}},
      {"silu", {Function::silu}},
      {"hard swish", {Function::hard_swish}},
      {"softsign", {Function::softsign}},
      {"prelu", {Function::prelu, {0.1F, 0.2F, -0.3F}}},
      {"leaky hard tanh", {Function::leaky_hard_tanh, {}, -0.5F, 0.25F, 0.1F, 0.2F}}};
  for (const auto& [name, activation] : activations) {
    nam::WaveNet net = small(3);
    for (nam::Layer& layer : net.arrays.front().layers) {
      layer.activation = activation;
    }
    add(name, {.net = net});
  }

  nam::WaveNet without_residual = small(4);
  for (nam::Layer& layer : without_residual.arrays.front().layers) {
    layer.layer1x1.reset();
  }
  add("without a residual", {.net = without_residual});

  nam::WaveNet post = small(4);
  post.arrays.front().head.out = 3;
  post.head.emplace();
  post.head->convolutions = {{.in = 3, .out = 5, .kernel = 3}, {.in = 5, .out = 1, .kernel = 2}};
  add("a head behind", {.net = post});

  nam::WaveNet inner = small(3);
  inner.arrays.front().head.out = 2;
  nam::Model conditioned = with_films(2);
  std::get<nam::WaveNet>(conditioned.net).condition =
      std::make_shared<const nam::Model>(with_weights({.net = inner}, 21));
  all.emplace_back("a condition of its own", conditioned);

  nam::Lstm lstm{.hidden = 5};
  lstm.layers = {nam::LstmLayer{.in = 1}, nam::LstmLayer{.in = 5}};
  add("lstm", {.net = lstm});

  nam::ConvNet net{.activation = {Function::tanh}};
  for (const std::int64_t dilation : {1, 2, 4}) {
    net.blocks.push_back({.conv = {.in = dilation == 1 ? 1 : 4,
                                   .out = 4,
                                   .kernel = 2,
                                   .dilation = dilation,
                                   .has_bias = true}});
  }
  net.head = {.in = 4, .out = 1};
  add("convnet", {.net = net});

  nam::Model normed = all.back().second;
  for (nam::ConvNetBlock& block : std::get<nam::ConvNet>(normed.net).blocks) {
    block.norm = nam::BatchNorm{.mean = noise(4, 31),
                                .var = {0.5F, 1, 2, 3},
                                .gamma = {1, -1, 0.5F, 2},
                                .beta = noise(4, 32),
                                .eps = 1e-5F};
  }
  all.emplace_back("convnet with batch norm", normed);

  nam::Linear linear;
  linear.impulse.resize(100);
  add("linear", {.net = linear});

  const auto part = [&](std::size_t i) {
    return std::make_shared<const nam::Model>(all[i].second);
  };
  all.emplace_back("sequential", nam::Model{.net = nam::Sequential{{part(0), part(5), part(7)}}});
  all.emplace_back("container", nam::Model{.net = nam::Container{{{0.5, part(0)}, {1, part(1)}}}});
  return all;
}

}  // namespace testing_amplifiers
