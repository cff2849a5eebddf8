// The config of a WaveNet.
#include <algorithm>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"
#include "wavenet/nam/names.h"
#include "wavenet/nam/reading.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::nam {
namespace {

std::int64_t size_at(const Place& place, std::string_view key) {
  return place.at(key).integer(1, kMostChannels);
}

std::int64_t size_or(const Place& place, std::string_view key, std::int64_t otherwise) {
  const std::optional<Place> found = place.find(key);
  return found ? found->integer(1, kMostChannels) : otherwise;
}

bool boolean_or(const Place& place, std::string_view key, bool otherwise) {
  const std::optional<Place> found = place.find(key);
  return found ? found->boolean() : otherwise;
}

// A list has one for each layer; anything else stands for all.
std::vector<Place> one_a_layer(const Place& place, std::size_t layers) {
  if (!place.is_list()) {
    return std::vector<Place>(layers, place);
  }
  std::vector<Place> all = place.list(kMostLayers);
  if (all.size() != layers) {
    place.refuse(fmt::format("has {} members for {} layers", all.size(), layers));
  }
  return all;
}

std::vector<std::int64_t> kernels_of(const Place& place, std::size_t layers) {
  const std::optional<Place> one = place.find("kernel_size");
  const std::optional<Place> several = place.find("kernel_sizes");
  if (one.has_value() == several.has_value()) {
    place.refuse("must have one of the keys 'kernel_size' and 'kernel_sizes'");
  }
  if (one && one->is_list()) {
    one->must_be("a whole number");
  }
  std::vector<std::int64_t> kernels;
  for (const Place& kernel : one_a_layer(one ? *one : *several, layers)) {
    kernels.push_back(kernel.integer(1, kMostTaps));
  }
  return kernels;
}

Gating gating_of(const Place& place) {
  const auto found = std::find(kGatingNames.begin(), kGatingNames.end(), place.text());
  if (found == kGatingNames.end()) {
    place.must_be("none, gated or blended");
  }
  return static_cast<Gating>(found - kGatingNames.begin());
}

std::vector<Gating> gatings_of(const Place& place, std::size_t layers) {
  const std::optional<Place> mode = place.find("gating_mode");
  if (!mode) {
    return std::vector<Gating>(layers,
                               boolean_or(place, "gated", false) ? Gating::gated : Gating::none);
  }
  std::vector<Gating> all;
  for (const Place& one : one_a_layer(*mode, layers)) {
    all.push_back(gating_of(one));
  }
  return all;
}

struct OneByOne {
  bool active;
  std::int64_t groups = 1;
  std::int64_t out = 1;
};

OneByOne layer1x1_of(const Place& array) {
  const std::optional<Place> place = array.find("layer1x1");
  if (!place) {
    return {true};
  }
  return {place->at("active").boolean(), size_at(*place, "groups")};
}

OneByOne head1x1_of(const Place& array) {
  const std::optional<Place> place = array.find("head1x1");
  if (!place) {
    return {false};
  }
  return {place->at("active").boolean(), size_at(*place, "groups"),
          size_at(*place, "out_channels")};
}

// `width`: channels of what it changes.
std::optional<Film> film_of(const Place& array, FilmPlace where, std::int64_t condition,
                            std::int64_t width, Reading& reading) {
  const std::optional<Place> place = array.find(name_in(kFilmKeys, where));
  if (!place) {
    return std::nullopt;
  }
  if (!place->is_object()) {
    if (place->boolean()) {
      place->must_be("false or an object");
    }
    return std::nullopt;
  }
  if (!boolean_or(*place, "active", true)) {
    return std::nullopt;
  }
  Film film;
  film.shift = boolean_or(*place, "shift", true);
  film.map = {.in = condition,
              .out = film.shift ? 2 * width : width,
              .groups = size_or(*place, "groups", 1)};
  reading.take(*place, film.map);
  return film;
}

Convolution head_of(const Place& array, std::int64_t width) {
  Convolution head{.in = width};
  if (const std::optional<Place> place = array.find("head")) {
    head.out = size_at(*place, "out_channels");
    head.kernel = place->at("kernel_size").integer(1, kMostTaps);
    head.has_bias = place->at("bias").boolean();
    if (const std::optional<Place> dilation = place->find("head_dilation")) {
      head.dilation = dilation->integer(1, kMostDilation);
    }
  } else {
    head.out = size_at(array, "head_size");
    head.has_bias = array.at("head_bias").boolean();
  }
  return head;
}

std::optional<Slices> slices_of(const Place& array, std::int64_t channels) {
  const std::optional<Place> place = array.find("slimmable");
  const std::optional<Place> method = place ? place->find("method") : std::nullopt;
  if (!method || method->text().empty()) {
    return std::nullopt;
  }
  if (method->text() != kSlicing) {
    method->must_be(fmt::format("\"{}\"", kSlicing));
  }
  const std::optional<Place> options = place->find("kwargs");
  const std::optional<Place> allowed = options ? options->find("allowed_channels") : std::nullopt;
  Slices slices;
  if (!allowed) {
    for (std::int64_t width = 1; width <= channels; ++width) {
      slices.channels.push_back(width);
    }
    return slices;
  }
  slices.channels = integers_of(*allowed, channels);
  if (std::adjacent_find(slices.channels.begin(), slices.channels.end(), std::greater_equal<>()) !=
          slices.channels.end() ||
      slices.channels.back() != channels) {
    allowed->must_be(fmt::format("ascending and end with the array's {} channels", channels));
  }
  return slices;
}

LayerArray array_of(const Place& place, Reading& reading) {
  LayerArray array;
  array.input = size_at(place, "input_size");
  array.condition = size_at(place, "condition_size");
  array.channels = size_at(place, "channels");
  array.bottleneck = size_or(place, "bottleneck", array.channels);
  const std::vector<std::int64_t> dilations = integers_of(place.at("dilations"), kMostDilation);
  const std::size_t layers = dilations.size();
  reading.take_layers(place.at("dilations"), layers);
  const std::vector<std::int64_t> kernels = kernels_of(place, layers);
  const std::vector<Gating> gatings = gatings_of(place, layers);
  const std::vector<Place> activations = one_a_layer(place.at("activation"), layers);
  const std::optional<Place> secondary = place.find("secondary_activation");
  const std::vector<Place> gates =
      secondary ? one_a_layer(*secondary, layers) : std::vector<Place>{};
  const std::int64_t groups = size_or(place, "groups_input", 1);
  const std::int64_t mixin_groups = size_or(place, "groups_input_mixin", 1);
  const OneByOne layer1x1 = layer1x1_of(place);
  const OneByOne head1x1 = head1x1_of(place);
  if (!layer1x1.active && array.bottleneck != array.channels) {
    place.refuse(fmt::format("has a bottleneck of {} for {} channels, but no layer1x1",
                             array.bottleneck, array.channels));
  }

  array.rechannel = {.in = array.input, .out = array.channels, .has_bias = false};
  for (std::size_t l = 0; l < layers; ++l) {
    Layer layer;
    layer.gating = gatings[l];
    const std::int64_t width = array.bottleneck * (layer.gating == Gating::none ? 1 : 2);
    layer.conv = {.in = array.channels,
                  .out = width,
                  .kernel = kernels[l],
                  .dilation = dilations[l],
                  .groups = groups};
    reading.take(place, layer.conv);
    layer.mixin = {.in = array.condition, .out = width, .groups = mixin_groups, .has_bias = false};
    reading.take(place, layer.mixin);
    layer.activation = activation_of(activations[l], reading);
    require_width(activations[l], layer.activation, array.bottleneck);
    if (layer.gating != Gating::none && !gates.empty() && !gates[l].is_null()) {
      layer.gate = activation_of(gates[l], reading);
      require_width(gates[l], layer.gate, array.bottleneck);
    }
    if (layer1x1.active) {
      layer.layer1x1 = {.in = array.bottleneck, .out = array.channels, .groups = layer1x1.groups};
      reading.take(place.find("layer1x1").value_or(place), *layer.layer1x1);
    }
    if (head1x1.active) {
      layer.head1x1 = {.in = array.bottleneck, .out = head1x1.out, .groups = head1x1.groups};
      reading.take(place.find("head1x1").value_or(place), *layer.head1x1);
    }
    const std::array<std::int64_t, kFilmPlaces> widths{array.channels, width,      array.condition,
                                                       width,          width,      array.bottleneck,
                                                       array.channels, head1x1.out};
    for (std::size_t p = 0; p < kFilmPlaces; ++p) {
      layer.films[p] =
          film_of(place, static_cast<FilmPlace>(p), array.condition, widths[p], reading);
    }
    const auto has = [&](FilmPlace where) {
      return layer.films[static_cast<std::size_t>(where)].has_value();
    };
    if ((has(FilmPlace::layer1x1_after) && !layer1x1.active) ||
        (has(FilmPlace::head1x1_after) && !head1x1.active)) {
      place.refuse("has a FiLM behind a 1x1 that is not active");
    }
    array.layers.push_back(std::move(layer));
  }
  array.head = head_of(place, head1x1.active ? head1x1.out : array.bottleneck);
  reading.take(place, array.head);
  array.slices = slices_of(place, array.channels);
  return array;
}

PostHead post_head_of(const Place& place, std::int64_t width, Reading& reading) {
  PostHead head;
  head.activation = activation_of(place.at("activation"), reading);
  if (const std::optional<Place> in = place.find("in_channels");
      in && in->integer(1, kMostChannels) != width) {
    in->must_be(fmt::format("{}, as the last array's head has", width));
  }
  const std::int64_t channels = size_at(place, "channels");
  const std::vector<std::int64_t> kernels = integers_of(place.at("kernel_sizes"), kMostTaps);
  reading.take_layers(place.at("kernel_sizes"), kernels.size());
  for (const std::int64_t kernel : kernels) {
    require_width(place.at("activation"), head.activation, width);
    const bool last = head.convolutions.size() + 1 == kernels.size();
    head.convolutions.push_back(
        {.in = width, .out = last ? size_at(place, "out_channels") : channels, .kernel = kernel});
    reading.take(place, head.convolutions.back());
    width = channels;
  }
  return head;
}

// How wide the sum of the layers' heads is.
std::int64_t head_width(const LayerArray& array) { return array.head.in; }

void require_fit(const Place& place, const LayerArray& array, const LayerArray* before,
                 const WaveNet& net) {
  const auto require = [&](std::string_view key, std::int64_t value, std::int64_t expected,
                           std::string_view why) {
    if (value != expected) {
      place.refuse(fmt::format("has a {} of {} where {} {}", key, value, why, expected));
    }
  };
  require("condition_size", array.condition,
          net.condition ? outputs(*net.condition) : net.in_channels,
          "the condition's channels are");
  require("input_size", array.input, before ? before->channels : net.in_channels,
          before ? "the array before it has channels" : "the input's channels are");
  if (before) {
    require("channels", array.channels, before->head.out,
            "the head of the array before it has out_channels");
    require("width of its heads' sum", head_width(array), before->head.out,
            "the head of the array before it has out_channels");
  }
}

}  // namespace

WaveNet wavenet_of(const Place& config, Reading& reading) {
  WaveNet net;
  net.in_channels = size_or(config, "in_channels", 1);
  net.head_scale = config.at("head_scale").single();
  if (const std::optional<Place> condition = config.find("condition_dsp")) {
    net.condition = std::make_shared<const Model>(model_of(*condition, reading));
    if (inputs(*net.condition) != net.in_channels) {
      condition->refuse(fmt::format("reads {} channels where the input has {}",
                                    inputs(*net.condition), net.in_channels));
    }
  }
  const Place layers = config.at("layers");
  for (const Place& place : layers.list(kMostLayers)) {
    LayerArray array = array_of(place, reading);
    require_fit(place, array, net.arrays.empty() ? nullptr : &net.arrays.back(), net);
    net.arrays.push_back(std::move(array));
  }
  if (net.arrays.empty()) {
    layers.must_be("a list that is not empty");
  }
  if (const std::optional<Place> head = config.find("head")) {
    net.head = post_head_of(*head, net.arrays.back().head.out, reading);
  }
  return net;
}

}  // namespace wavenet::nam
