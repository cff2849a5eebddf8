// The configs of an LSTM and of a ConvNet.
#include "wavenet/nam/reading.h"

namespace wavenet::nam {
namespace {

std::int64_t channels_or_one(const Place& config, std::string_view key, std::int64_t most) {
  const std::optional<Place> found = config.find(key);
  return found ? found->integer(1, most) : 1;
}

}  // namespace

Lstm lstm_of(const Place& config, Reading& reading) {
  const std::int64_t input = config.at("input_size").integer(1, kMostChannels);
  if (const std::optional<Place> in = config.find("in_channels"); in) {
    in->integer(input, input);
  }
  channels_or_one(config, "out_channels", 1);
  Lstm net;
  net.hidden = config.at("hidden_size").integer(1, kMostChannels);
  const Place layers = config.at("num_layers");
  const std::int64_t count = layers.integer(1, static_cast<std::int64_t>(kMostLayers));
  reading.take_layers(layers, static_cast<std::size_t>(count));
  net.layers.resize(static_cast<std::size_t>(count), LstmLayer{.in = net.hidden});
  net.layers.front().in = input;
  return net;
}

ConvNet convnet_of(const Place& config, Reading& reading) {
  ConvNet net;
  const std::int64_t channels = config.at("channels").integer(1, kMostChannels);
  const Place place = config.at("dilations");
  const std::vector<std::int64_t> dilations = integers_of(place, kMostDilation);
  reading.take_layers(place, dilations.size());
  net.activation = activation_of(config.at("activation"), reading);
  require_width(config.at("activation"), net.activation, channels);
  const bool norm = config.at("batchnorm").boolean();
  const std::int64_t groups = channels_or_one(config, "groups", kMostChannels);
  std::int64_t in = channels_or_one(config, "in_channels", kMostChannels);
  for (const std::int64_t dilation : dilations) {
    ConvNetBlock block{.conv = {.in = in,
                                .out = channels,
                                .kernel = 2,
                                .dilation = dilation,
                                .groups = groups,
                                .has_bias = !norm}};
    reading.take(place, block.conv);
    if (norm) {
      block.norm.emplace();
    }
    net.blocks.push_back(std::move(block));
    in = channels;
  }
  net.head = {.in = channels, .out = channels_or_one(config, "out_channels", kMostChannels)};
  return net;
}

}  // namespace wavenet::nam
