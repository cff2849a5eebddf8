#include "wavenet/nam/file_order.h"

#include <type_traits>

#include "wavenet/base/check.h"

namespace wavenet::nam {
namespace {

// Each `visit` hands the parts of a net, const or not, to `act`: a vector with the count that it is to
// have, or a single number.

template <class Act>
void visit_each_convolution(auto& net, const Act& act) {
  for (auto& array : net.arrays) {
    act(array.rechannel);
    for (auto& layer : array.layers) {
      act(layer.conv);
      act(layer.mixin);
      for (auto* conv : {&layer.layer1x1, &layer.head1x1}) {
        if (*conv) {
          act(**conv);
        }
      }
      for (auto& film : layer.films) {
        if (film) {
          act(film->map);
        }
      }
    }
    act(array.head);
  }
  if (net.head) {
    for (auto& conv : net.head->convolutions) {
      act(conv);
    }
  }
}

template <class Act>
void visit_convolution(auto& conv, const Act& act) {
  act(conv.weight, conv.out * (conv.in / conv.groups) * conv.kernel);
  if (conv.has_bias) {
    act(conv.bias, conv.out);
  }
}

template <class Net, class Act>
void visit(Net& net, const Act& act) {
  using Kind = std::remove_const_t<Net>;
  if constexpr (std::is_same_v<Kind, WaveNet>) {
    visit_each_convolution(net, [&](auto& conv) { visit_convolution(conv, act); });
    act(net.head_scale);
  } else if constexpr (std::is_same_v<Kind, Lstm>) {
    for (auto& layer : net.layers) {
      act(layer.weight, 4 * net.hidden * (layer.in + net.hidden));
      act(layer.bias, 4 * net.hidden);
      act(layer.hidden, net.hidden);
      act(layer.cell, net.hidden);
    }
    act(net.head, net.hidden);
    act(net.bias);
  } else if constexpr (std::is_same_v<Kind, ConvNet>) {
    for (auto& block : net.blocks) {
      visit_convolution(block.conv, act);
      if (block.norm) {
        for (auto* part :
             {&block.norm->mean, &block.norm->var, &block.norm->gamma, &block.norm->beta}) {
          act(*part, block.conv.out);
        }
        act(block.norm->eps);
      }
    }
    visit_convolution(net.head, act);
  } else if constexpr (std::is_same_v<Kind, Linear>) {
    act(net.impulse, static_cast<std::int64_t>(net.impulse.size()));
    act(net.bias);
  }
}

struct Count {
  std::int64_t* sum;

  void operator()(const std::vector<float>&, std::int64_t count) const { *sum += count; }
  void operator()(float) const { ++*sum; }
};

struct Gather {
  std::vector<float>* all;

  void operator()(const std::vector<float>& part, std::int64_t count) const {
    check(static_cast<std::int64_t>(part.size()) == count,
          "weights_of: a part of the net holds {} numbers where its shape asks for {}", part.size(),
          count);
    all->insert(all->end(), part.begin(), part.end());
  }
  void operator()(float single) const { all->push_back(single); }
};

struct Scatter {
  std::span<const float>* rest;

  void operator()(std::vector<float>& part, std::int64_t count) const {
    const std::span<const float> taken = rest->first(static_cast<std::size_t>(count));
    part.assign(taken.begin(), taken.end());
    *rest = rest->subspan(taken.size());
  }
  void operator()(float& single) const {
    single = rest->front();
    *rest = rest->subspan(1);
  }
};

template <class Pointer>
std::vector<Pointer> pointers(auto& net) {
  std::vector<Pointer> all;
  visit_each_convolution(net, [&](auto& conv) { all.push_back(&conv); });
  return all;
}

}  // namespace

std::vector<Convolution*> file_order(WaveNet& net) { return pointers<Convolution*>(net); }

std::vector<const Convolution*> file_order(const WaveNet& net) {
  return pointers<const Convolution*>(net);
}

std::int64_t weight_count(const Convolution& conv) {
  std::int64_t sum = 0;
  visit_convolution(conv, Count{&sum});
  return sum;
}

std::int64_t weight_count(const Model& model) {
  std::int64_t sum = 0;
  std::visit([&](const auto& net) { visit(net, Count{&sum}); }, model.net);
  return sum;
}

std::vector<float> weights_of(const Model& model) {
  std::vector<float> all;
  std::visit([&](const auto& net) { visit(net, Gather{&all}); }, model.net);
  return all;
}

void set_weights(Model& model, std::span<const float> weights) {
  check(static_cast<std::int64_t>(weights.size()) == weight_count(model),
        "set_weights: the net has {} weights, got {}", weight_count(model), weights.size());
  std::visit([&](auto& net) { visit(net, Scatter{&weights}); }, model.net);
}

}  // namespace wavenet::nam
