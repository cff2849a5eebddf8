#include "wavenet/nam/sizes.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"

namespace wavenet::nam {
namespace {

void require_size(double size) {
  check_usage(size >= 0 && size <= 1, "a model's size is in [0, 1], got {}", size);
}

// Keeps the first outputs and inputs.
void cut(Convolution& conv, std::int64_t out, std::int64_t in) {
  if (out == conv.out && in == conv.in) {
    return;
  }
  check_usage(conv.groups == 1, "a net whose convolutions have groups cannot be sliced");
  std::vector<float> kept;
  for (std::int64_t o = 0; o < out; ++o) {
    const auto row = conv.weight.begin() + o * conv.in * conv.kernel;
    kept.insert(kept.end(), row, row + in * conv.kernel);
  }
  conv.weight = std::move(kept);
  if (conv.has_bias) {
    conv.bias.resize(static_cast<std::size_t>(out));
  }
  conv.out = out;
  conv.in = in;
}

void cut(Activation& activation, std::int64_t width) {
  if (activation.slopes.size() > static_cast<std::size_t>(width)) {
    activation.slopes.resize(static_cast<std::size_t>(width));
  }
}

void narrow(Layer& layer, std::int64_t channels, std::int64_t bottleneck) {
  check_usage(!layer.head1x1 && std::ranges::none_of(layer.films, &std::optional<Film>::has_value),
              "a net whose layers have FiLM or a head1x1 cannot be sliced");
  const std::int64_t width = layer.gating == Gating::none ? bottleneck : 2 * bottleneck;
  cut(layer.conv, width, channels);
  cut(layer.mixin, width, layer.mixin.in);
  if (layer.layer1x1) {
    cut(*layer.layer1x1, channels, bottleneck);
  }
  cut(layer.activation, bottleneck);
  cut(layer.gate, bottleneck);
}

void narrow(LayerArray& array, double size) {
  const std::vector<std::int64_t>& widths = array.slices->channels;
  const auto index = static_cast<std::size_t>(size * static_cast<double>(widths.size()));
  const std::int64_t channels = widths[std::min(index, widths.size() - 1)];
  array.slices.reset();
  if (channels == array.channels) {
    return;
  }
  const std::int64_t bottleneck =
      std::max<std::int64_t>(1, array.bottleneck * channels / array.channels);
  for (Layer& layer : array.layers) {
    narrow(layer, channels, bottleneck);
  }
  array.channels = channels;
  array.bottleneck = bottleneck;
  cut(array.rechannel, channels, array.input);
  cut(array.head, array.head.out, bottleneck);
}

}  // namespace

const Model& chosen(const Container& container, double size) {
  require_size(size);
  for (const Container::Choice& choice : container.choices) {
    if (size < choice.most) {
      return *choice.model;
    }
  }
  return *container.choices.back().model;
}

WaveNet sliced(const WaveNet& net, double size) {
  require_size(size);
  WaveNet result = net;
  for (LayerArray& array : result.arrays) {
    if (array.slices) {
      narrow(array, size);
    }
  }
  for (std::size_t i = 1; i < result.arrays.size(); ++i) {
    LayerArray& before = result.arrays[i - 1];
    LayerArray& array = result.arrays[i];
    array.input = before.channels;
    cut(array.rechannel, array.channels, array.input);
    cut(before.head, array.head.in, before.head.in);
  }
  return result;
}

Model at_size(const Model& model, double size) {
  require_size(size);
  if (const auto* container = std::get_if<Container>(&model.net)) {
    return at_size(chosen(*container, size), size);
  }
  Model result = model;
  if (const auto* net = std::get_if<WaveNet>(&model.net)) {
    result.net = sliced(*net, size);
  }
  return result;
}

}  // namespace wavenet::nam
