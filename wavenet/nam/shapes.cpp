#include "wavenet/nam/shapes.h"

#include <algorithm>
#include <utility>

#include "wavenet/nam/file_order.h"

namespace wavenet::nam {
namespace {

struct Taps {
  std::int64_t kernel;
  std::int64_t dilation;
};

LayerArray array_of(std::int64_t input, std::int64_t channels, const std::vector<Taps>& taps,
                    const Activation& activation, const Convolution& head) {
  LayerArray array{.input = input, .channels = channels, .bottleneck = channels};
  array.rechannel = {.in = input, .out = channels, .has_bias = false};
  for (const auto& [kernel, dilation] : taps) {
    array.layers.push_back(
        {.conv = {.in = channels, .out = channels, .kernel = kernel, .dilation = dilation},
         .mixin = {.out = channels, .has_bias = false},
         .activation = activation,
         .layer1x1 = Convolution{.in = channels, .out = channels}});
  }
  array.head = head;
  return array;
}

WaveNet with_zero_weights(WaveNet net) {
  Model model{.net = std::move(net)};
  set_weights(model, std::vector<float>(static_cast<std::size_t>(weight_count(model))));
  return std::get<WaveNet>(std::move(model.net));
}

std::vector<Taps> doubling(std::int64_t first, std::int64_t last) {
  std::vector<Taps> taps;
  for (std::int64_t dilation = first; dilation <= last; dilation *= 2) {
    taps.push_back({3, dilation});
  }
  return taps;
}

WaveNet a1(std::int64_t first, std::int64_t second, const std::vector<Taps>& first_taps,
           const std::vector<Taps>& second_taps) {
  WaveNet net;
  net.arrays.push_back(
      array_of(1, first, first_taps, {}, {.in = first, .out = second, .has_bias = false}));
  net.arrays.push_back(array_of(first, second, second_taps, {}, {.in = second}));
  net = with_zero_weights(std::move(net));
  net.head_scale = 0.02F;
  return net;
}

WaveNet a1_short(std::int64_t first, std::int64_t second) {
  std::vector<Taps> taps = doubling(128, 512);
  const std::vector<Taps> all = doubling(1, 512);
  taps.insert(taps.end(), all.begin(), all.end());
  return a1(first, second, doubling(1, 64), taps);
}

WaveNet a2(std::int64_t channels) {
  std::vector<Taps> taps;
  const auto add_seven = [&] {
    for (const std::int64_t dilation : {1, 3, 7, 17, 41, 101, 239}) {
      taps.push_back({6, dilation});
    }
  };
  add_seven();
  add_seven();
  taps.insert(taps.end(), {{15, 1}, {15, 13}});
  add_seven();
  WaveNet net;
  net.arrays.push_back(array_of(1, channels, taps,
                                {.function = Function::leaky_relu, .slopes = {0.01F}},
                                {.in = channels, .kernel = 16}));
  net = with_zero_weights(std::move(net));
  net.head_scale = 0.01F;
  return net;
}

std::int64_t past(const Convolution& conv) { return (conv.kernel - 1) * conv.dilation; }

// Adds up what each part of a model asks of the past; `lstm` tells how much one does.
template <class Lstms>
std::int64_t past_of(const Model& model, const Lstms& lstm) {
  struct Visitor {
    const Model& model;
    const Lstms& lstm;

    std::int64_t operator()(const WaveNet& net) const {
      std::int64_t sum = net.condition ? past_of(*net.condition, lstm) : 0;
      for (const Convolution* conv : file_order(net)) {
        sum += past(*conv);
      }
      return sum;
    }
    std::int64_t operator()(const Lstm&) const { return lstm(model); }
    std::int64_t operator()(const ConvNet& net) const {
      std::int64_t sum = 0;
      for (const ConvNetBlock& block : net.blocks) {
        sum += past(block.conv);
      }
      return sum;
    }
    std::int64_t operator()(const Linear& net) const {
      return static_cast<std::int64_t>(net.impulse.size()) - 1;
    }
    std::int64_t operator()(const Container& net) const {
      return past_of(*net.choices.back().model, lstm);
    }
    std::int64_t operator()(const Sequential& net) const {
      std::int64_t sum = 0;
      for (const auto& part : net.models) {
        sum += past_of(*part, lstm);
      }
      return sum;
    }
  };
  return std::visit(Visitor{model, lstm}, model.net);
}

}  // namespace

WaveNet standard() { return a1(16, 8, doubling(1, 512), doubling(1, 512)); }
WaveNet lite() { return a1_short(12, 6); }
WaveNet feather() { return a1_short(8, 4); }
WaveNet nano() { return a1_short(4, 2); }
WaveNet a2_lite() { return a2(3); }
WaveNet a2_full() { return a2(8); }

std::int64_t receptive_field(const Model& model) {
  bool for_ever = false;
  const std::int64_t sum = past_of(model, [&](const Model&) {
    for_ever = true;
    return std::int64_t{0};
  });
  return for_ever ? 0 : sum + 1;
}

std::int64_t settling(const Model& model) {
  return 1 + past_of(model, [](const Model& lstm) {
           return static_cast<std::int64_t>(lstm.sample_rate.value_or(48'000) / 2);
         });
}

std::int64_t inputs(const Model& model) {
  struct Visitor {
    std::int64_t operator()(const WaveNet& net) const { return net.in_channels; }
    std::int64_t operator()(const Lstm& net) const { return net.layers.front().in; }
    std::int64_t operator()(const ConvNet& net) const { return net.blocks.front().conv.in; }
    std::int64_t operator()(const Linear&) const { return 1; }
    std::int64_t operator()(const Container& net) const {
      return inputs(*net.choices.back().model);
    }
    std::int64_t operator()(const Sequential& net) const { return inputs(*net.models.front()); }
  };
  return std::visit(Visitor{}, model.net);
}

std::int64_t outputs(const Model& model) {
  struct Visitor {
    std::int64_t operator()(const WaveNet& net) const {
      return net.head ? net.head->convolutions.back().out : net.arrays.back().head.out;
    }
    std::int64_t operator()(const Lstm&) const { return 1; }
    std::int64_t operator()(const ConvNet& net) const { return net.head.out; }
    std::int64_t operator()(const Linear&) const { return 1; }
    std::int64_t operator()(const Container& net) const {
      return outputs(*net.choices.back().model);
    }
    std::int64_t operator()(const Sequential& net) const { return outputs(*net.models.back()); }
  };
  return std::visit(Visitor{}, model.net);
}

}  // namespace wavenet::nam
