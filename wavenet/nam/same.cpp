#include "wavenet/nam/same.h"

#include <algorithm>
#include <bit>

#include "wavenet/base/check.h"
#include "wavenet/nam/file_order.h"

namespace wavenet::nam {
namespace {

bool same_activation(const Activation& a, const Activation& b) {
  return a.function == b.function && a.slopes == b.slopes && a.least == b.least &&
         a.most == b.most && a.slope_below == b.slope_below && a.slope_above == b.slope_above;
}

bool same_shape(const Convolution& a, const Convolution& b) {
  return a.in == b.in && a.out == b.out && a.kernel == b.kernel && a.dilation == b.dilation &&
         a.groups == b.groups && a.has_bias == b.has_bias;
}

bool same_conv(const std::optional<Convolution>& a, const std::optional<Convolution>& b) {
  return a.has_value() == b.has_value() && (!a || same_shape(*a, *b));
}

bool same_film(const std::optional<Film>& a, const std::optional<Film>& b) {
  return a.has_value() == b.has_value() &&
         (!a || (a->shift == b->shift && same_shape(a->map, b->map)));
}

bool same_layer(const Layer& a, const Layer& b) {
  return same_shape(a.conv, b.conv) && same_shape(a.mixin, b.mixin) && a.gating == b.gating &&
         same_activation(a.activation, b.activation) &&
         (a.gating == Gating::none || same_activation(a.gate, b.gate)) &&
         same_conv(a.layer1x1, b.layer1x1) && same_conv(a.head1x1, b.head1x1) &&
         std::equal(a.films.begin(), a.films.end(), b.films.begin(), same_film);
}

bool same_array(const LayerArray& a, const LayerArray& b) {
  return a.input == b.input && a.condition == b.condition && a.channels == b.channels &&
         a.bottleneck == b.bottleneck && same_shape(a.rechannel, b.rechannel) &&
         std::ranges::equal(a.layers, b.layers, same_layer) && same_shape(a.head, b.head) &&
         a.slices.has_value() == b.slices.has_value() &&
         (!a.slices || a.slices->channels == b.slices->channels);
}

bool same_pointed(const std::shared_ptr<const Model>& a, const std::shared_ptr<const Model>& b) {
  return (a == nullptr) == (b == nullptr) && (!a || same(*a, *b));
}

// The nets without their weights, which `same` compares.
struct SameNet {
  bool operator()(const WaveNet& a, const WaveNet& b) const {
    return a.in_channels == b.in_channels && same_pointed(a.condition, b.condition) &&
           std::ranges::equal(a.arrays, b.arrays, same_array) &&
           a.head.has_value() == b.head.has_value() &&
           (!a.head ||
            (same_activation(a.head->activation, b.head->activation) &&
             std::ranges::equal(a.head->convolutions, b.head->convolutions, same_shape)));
  }
  bool operator()(const Lstm& a, const Lstm& b) const {
    return a.hidden == b.hidden &&
           std::ranges::equal(a.layers, b.layers, {}, &LstmLayer::in, &LstmLayer::in);
  }
  bool operator()(const ConvNet& a, const ConvNet& b) const {
    return same_activation(a.activation, b.activation) && same_shape(a.head, b.head) &&
           std::ranges::equal(a.blocks, b.blocks,
                              [](const ConvNetBlock& one, const ConvNetBlock& other) {
                                return same_shape(one.conv, other.conv) &&
                                       one.norm.has_value() == other.norm.has_value();
                              });
  }
  bool operator()(const Linear& a, const Linear& b) const {
    return a.impulse.size() == b.impulse.size();
  }
  bool operator()(const Container& a, const Container& b) const {
    return std::ranges::equal(
        a.choices, b.choices, [](const Container::Choice& one, const Container::Choice& other) {
          return one.most == other.most && same_pointed(one.model, other.model);
        });
  }
  bool operator()(const Sequential& a, const Sequential& b) const {
    return std::ranges::equal(a.models, b.models, same_pointed);
  }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

void require_model(const std::shared_ptr<const Model>& model) {
  check_usage(model != nullptr, "a part of the model is no model");
  require_parts(*model);
}

struct RequireParts {
  void operator()(const WaveNet& net) const {
    const auto empty = [](const LayerArray& array) { return array.layers.empty(); };
    check_usage(!net.arrays.empty() && std::ranges::none_of(net.arrays, empty) &&
                    (!net.head || !net.head->convolutions.empty()),
                "a WaveNet has at least an array, and each array and post head a layer");
    if (net.condition) {
      require_parts(*net.condition);
    }
  }
  void operator()(const Lstm& net) const {
    check_usage(!net.layers.empty(), "an LSTM has at least one layer");
  }
  void operator()(const ConvNet& net) const {
    check_usage(!net.blocks.empty(), "a ConvNet has at least one block");
  }
  void operator()(const Linear& net) const {
    check_usage(!net.impulse.empty(), "a linear model has at least one weight");
  }
  void operator()(const Container& net) const {
    check_usage(!net.choices.empty(), "a container has at least one model");
    for (const Container::Choice& choice : net.choices) {
      require_model(choice.model);
    }
  }
  void operator()(const Sequential& net) const {
    check_usage(!net.models.empty(), "a sequence has at least one model");
    std::ranges::for_each(net.models, require_model);
  }
};

}  // namespace

bool same(const Model& a, const Model& b) {
  return a.sample_rate == b.sample_rate && std::visit(SameNet{}, a.net, b.net) &&
         std::ranges::equal(weights_of(a), weights_of(b), same_bits);
}

void require_parts(const Model& model) { std::visit(RequireParts{}, model.net); }

}  // namespace wavenet::nam
