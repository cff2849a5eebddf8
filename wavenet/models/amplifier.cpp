#include "wavenet/models/amplifier.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wavenet/nam/shapes.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/view.h"

namespace wavenet::models {
namespace {

void refuse_unless(bool supported, const char* what) {
  check(supported, "amplifier: nets with {} are played, but not trained", what);
}

void check_convolution(const nam::Convolution& conv, bool has_bias) {
  refuse_unless(conv.groups == 1, "groups");
  refuse_unless(conv.has_bias == has_bias, "a bias elsewhere than usual");
}

void check_layer(const nam::Layer& layer) {
  refuse_unless(layer.gating == nam::Gating::none, "gates");
  refuse_unless(layer.activation.function != nam::Function::prelu,
                "slopes that are learned (PReLU)");
  refuse_unless(layer.layer1x1.has_value(), "layers without layer1x1");
  refuse_unless(!layer.head1x1, "head1x1");
  refuse_unless(std::none_of(layer.films.begin(), layer.films.end(),
                             [](const auto& film) { return film.has_value(); }),
                "FiLM");
  check_convolution(layer.conv, true);
  check_convolution(layer.mixin, false);
  check_convolution(*layer.layer1x1, true);
}

void check_net(const nam::WaveNet& net) {
  refuse_unless(net.condition == nullptr, "a condition net");
  refuse_unless(!net.head, "a head behind the arrays");
  check(!net.arrays.empty() && net.in_channels == 1 && net.arrays.back().head.out == 1,
        "amplifier: a net that is trained has arrays, one channel in and one out");
  for (const nam::LayerArray& array : net.arrays) {
    refuse_unless(!array.slices, "slices (slimmable)");
    check(!array.layers.empty(), "amplifier: an array without layers");
    check_convolution(array.rechannel, false);
    check_convolution(array.head, array.head.has_bias);
    std::for_each(array.layers.begin(), array.layers.end(), check_layer);
  }
}

Activation activation_of(const nam::Activation& a) {
  switch (a.function) {
    case nam::Function::tanh:
    case nam::Function::fast_tanh:
    case nam::Function::prelu:  // refused before
      return {.curve = Curve::tanh};
    case nam::Function::hard_tanh:
      return {.curve = Curve::bounded};
    case nam::Function::relu:
      return {.curve = Curve::leaky};
    case nam::Function::sigmoid:
      return {.curve = Curve::sigmoid};
    case nam::Function::silu:
      return {.curve = Curve::silu};
    case nam::Function::hard_swish:
      return {.curve = Curve::hard_swish};
    case nam::Function::softsign:
      return {.curve = Curve::softsign};
    case nam::Function::leaky_relu:
      return {.curve = Curve::leaky,
              .slope_below = a.slopes.empty() ? 0.01 : static_cast<double>(a.slopes[0])};
    case nam::Function::leaky_hard_tanh:
      return {.curve = Curve::bounded,
              .slope_below = static_cast<double>(a.slope_below),
              .slope_above = static_cast<double>(a.slope_above),
              .least = static_cast<double>(a.least),
              .most = static_cast<double>(a.most)};
  }
  fail("amplifier: {} is the number of no activation", static_cast<int>(a.function));
}

// As PyTorch's Conv1d begins.
Tensor uniform(const Shape& shape, std::int64_t fan_in, Rng& rng) {
  const float bound = static_cast<float>(1 / std::sqrt(static_cast<double>(fan_in)));
  Tensor values = Tensor::empty(shape);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    values.data<float>()[i] = rng.uniform_float() * (2 * bound) - bound;
  }
  return values;
}

// Calls each(convolution, its tensors) for all of a net.
template <class Net, class Arrays, class Each>
void for_each_convolution(Net& net, Arrays& arrays, const Each& each) {
  for (std::size_t a = 0; a < net.arrays.size(); ++a) {
    auto& array = net.arrays[a];
    auto& weights = arrays[a];
    each(array.rechannel, ConvWeights{weights.rechannel, {}});
    for (std::size_t l = 0; l < array.layers.size(); ++l) {
      each(array.layers[l].conv, weights.layers[l].conv);
      each(array.layers[l].mixin, ConvWeights{weights.layers[l].mixin, {}});
      each(*array.layers[l].layer1x1, weights.layers[l].out);
    }
    each(array.head, weights.head);
  }
}

void copy_in(const std::vector<float>& from, const Tensor& to) {
  if (to.defined()) {
    check(std::ssize(from) == to.numel(), "amplifier: a net of another shape: {} weights for {}",
          from.size(), to.shape());
    std::copy(from.begin(), from.end(), to.data<float>());
  }
}

// What the weights' own shapes do not tell.
void check_same(const nam::Layer& a, const nam::Layer& b) {
  check(a.conv.dilation == b.conv.dilation && a.activation.function == b.activation.function &&
            a.activation.slopes == b.activation.slopes,
        "amplifier: a net of another shape, with other dilations or activations");
}

std::int64_t largest_field(const std::vector<nam::WaveNet>& nets) {
  std::int64_t field = 1;
  for (const nam::WaveNet& net : nets) {
    field = std::max(field, nam::receptive_field({.net = net}));
  }
  return field;
}

}  // namespace

Amplifier::Amplifier(std::vector<nam::WaveNet> nets, Rng& rng, SharedOutput output)
    : Model({Reads::sequences, largest_field(nets), 1}, std::move(output)) {
  check(!nets.empty() && this->output().width() == std::ssize(nets),
        "amplifier: {} nets and an output of width {}", nets.size(), this->output().width());
  for (std::size_t n = 0; n < nets.size(); ++n) {
    check_net(nets[n]);
    const std::string prefix = nets.size() > 1 ? fmt::format("net{}.", n + 1) : "";
    Net net{std::move(nets[n]), {}};
    for (std::size_t a = 0; a < net.shape.arrays.size(); ++a) {
      const nam::LayerArray& array = net.shape.arrays[a];
      const std::string at = fmt::format("{}array{}.", prefix, a + 1);
      LayerArrayWeights weights{.rechannel = drawn(at + "rechannel", array.rechannel, rng).weight};
      for (std::size_t l = 0; l < array.layers.size(); ++l) {
        const nam::Layer& layer = array.layers[l];
        const std::string name = fmt::format("{}layer{}.", at, l + 1);
        ArrayLayerWeights made;
        made.conv = drawn(name + "conv", layer.conv, rng);
        made.mixin = drawn(name + "mixin", layer.mixin, rng).weight;
        made.out = drawn(name + "layer1x1", *layer.layer1x1, rng);
        weights.layers.push_back(std::move(made));
      }
      weights.head = drawn(at + "head", array.head, rng);
      net.arrays.push_back(std::move(weights));
    }
    nets_.push_back(std::move(net));
  }
}

ConvWeights Amplifier::drawn(const std::string& name, const nam::Convolution& conv, Rng& rng) {
  const std::int64_t fan_in = conv.in * conv.kernel;
  ConvWeights made{
      add_parameter(name + ".weight", uniform({conv.out, conv.in, conv.kernel}, fan_in, rng)), {}};
  if (conv.has_bias) {
    made.bias = add_parameter(name + ".bias", uniform({conv.out}, fan_in, rng));
  }
  return made;
}

nam::WaveNet Amplifier::described(std::size_t net) const {
  nam::WaveNet made = nets_.at(net).shape;
  for_each_convolution(
      made, nets_[net].arrays, [](nam::Convolution& conv, const ConvWeights& weights) {
        conv.weight = weights.weight.to_vector<float>();
        conv.bias = weights.bias.defined() ? weights.bias.to_vector<float>() : std::vector<float>();
      });
  return made;
}

void Amplifier::take(std::size_t net, const nam::WaveNet& from) {
  Net& to = nets_.at(net);
  check_net(from);
  const auto layers = [](const nam::WaveNet& shape) {
    std::vector<std::size_t> counts;
    for (const nam::LayerArray& array : shape.arrays) {
      counts.push_back(array.layers.size());
    }
    return counts;
  };
  check(layers(from) == layers(to.shape), "amplifier: a net of another shape, with other layers");
  for (std::size_t a = 0; a < from.arrays.size(); ++a) {
    for (std::size_t l = 0; l < from.arrays[a].layers.size(); ++l) {
      check_same(from.arrays[a].layers[l], to.shape.arrays[a].layers[l]);
    }
  }
  for_each_convolution(from, to.arrays,
                       [](const nam::Convolution& conv, const ConvWeights& weights) {
                         copy_in(conv.weight, weights.weight);
                         copy_in(conv.bias, weights.bias);
                       });
  to.shape.head_scale = from.head_scale;
}

void Amplifier::check_inputs(const Inputs& inputs) const {
  const Tensor& x = inputs.x;
  check(x.rank() == 2 && x.dtype() == DType::f32 && x.numel() > 0,
        "{}: samples must be f32 [B, T], got {} {}", kind(), x.dtype(), x.shape());
  check(inputs.rows.past >= 0 && inputs.rows.past < x.size(1),
        "{}: a past of {} samples leaves none of {}", kind(), inputs.rows.past, x.shape());
  check(inputs.rows.starts == nullptr, "{}: reads no packed sequences", kind());
}

Tensor Amplifier::raw(const Inputs& inputs) {
  check_inputs(inputs);
  const std::int64_t wanted = inputs.x.size(1) - inputs.rows.past;
  const std::int64_t missing = receptive_field() - 1 - inputs.rows.past;
  const Tensor samples =
      missing > 0 ? cat({zeros({inputs.x.size(0), missing}), inputs.x}, 1) : inputs.x;
  std::vector<Tensor> answers;
  for (const Net& net : nets_) {
    answers.push_back(reshape(run(net, samples, wanted), {samples.size(0), wanted, 1}));
  }
  return answers.size() == 1 ? answers[0] : cat(answers, 2);
}

const Amplifier* amplifier_of(const Model& model) { return dynamic_cast<const Amplifier*>(&model); }

// [B, T] -> [B, 1, wanted].
Tensor Amplifier::run(const Net& net, const Tensor& samples, std::int64_t wanted) const {
  std::vector<LayerArrayGeometry> geometries(net.arrays.size());
  LayerArrayReach reach{.x = 0, .head_sum = wanted};
  for (std::size_t a = net.arrays.size(); a-- > 0;) {
    const nam::LayerArray& array = net.shape.arrays[a];
    LayerArrayGeometry& geometry = geometries[a];
    geometry.head_dilation = array.head.dilation;
    geometry.x_length = reach.x;
    geometry.head_length = reach.head_sum;
    std::vector<std::int64_t> kernels;
    for (const nam::Layer& layer : array.layers) {
      geometry.layers.push_back({layer.conv.dilation, activation_of(layer.activation)});
      kernels.push_back(layer.conv.kernel);
    }
    reach = reach_of(kernels, array.head.kernel, geometry);
  }
  const Tensor condition = unsqueeze(samples, 1);
  LayerArrayOutput last{.x = condition, .head = {}};
  for (std::size_t a = 0; a < net.arrays.size(); ++a) {
    last = layer_array({last.x, condition, last.head}, net.arrays[a], geometries[a]);
  }
  return affine(last.head, static_cast<double>(net.shape.head_scale), 0);
}

}  // namespace wavenet::models
