#include "wavenet/nam/reference.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::nam {
namespace {

Signal silence(std::size_t channels, std::size_t time) {
  return Signal(channels, std::vector<double>(time));
}

std::size_t time_of(const Signal& x) { return x.front().size(); }

Signal convolved(const Convolution& conv, const Signal& x) {
  const std::size_t time = time_of(x);
  Signal y = silence(static_cast<std::size_t>(conv.out), time);
  const std::int64_t ins = conv.in / conv.groups;
  const std::int64_t outs = conv.out / conv.groups;
  for (std::int64_t o = 0; o < conv.out; ++o) {
    std::vector<double>& to = y[static_cast<std::size_t>(o)];
    if (conv.has_bias) {
      to.assign(time, static_cast<double>(conv.bias[static_cast<std::size_t>(o)]));
    }
    for (std::int64_t i = 0; i < ins; ++i) {
      const std::vector<double>& from = x[static_cast<std::size_t>(o / outs * ins + i)];
      for (std::int64_t k = 0; k < conv.kernel; ++k) {
        const auto weight = static_cast<double>(
            conv.weight[static_cast<std::size_t>((o * ins + i) * conv.kernel + k)]);
        const auto back = static_cast<std::size_t>((conv.kernel - 1 - k) * conv.dilation);
        for (std::size_t t = back; t < time; ++t) {
          to[t] += weight * from[t - back];
        }
      }
    }
  }
  return y;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double activated(const Activation& activation, std::size_t channel, double x) {
  switch (activation.function) {
    case Function::tanh:
    case Function::fast_tanh:
      return std::tanh(x);
    case Function::hard_tanh:
      return std::clamp(x, -1.0, 1.0);
    case Function::relu:
      return std::max(x, 0.0);
    case Function::sigmoid:
      return sigmoid(x);
    case Function::silu:
      return x * sigmoid(x);
    case Function::hard_swish:
      return x * std::clamp(x + 3, 0.0, 6.0) / 6;
    case Function::softsign:
      return x / (1 + std::abs(x));
    case Function::leaky_relu:
    case Function::prelu: {
      const std::vector<float>& slopes = activation.slopes;
      return x < 0 ? x * static_cast<double>(slopes[slopes.size() == 1 ? 0 : channel]) : x;
    }
    case Function::leaky_hard_tanh: {
      const auto least = static_cast<double>(activation.least);
      const auto most = static_cast<double>(activation.most);
      if (x < least) {
        return (x - least) * static_cast<double>(activation.slope_below) + least;
      }
      return x > most ? (x - most) * static_cast<double>(activation.slope_above) + most : x;
    }
  }
  return x;
}

void activate(const Activation& activation, Signal& x) {
  for (std::size_t c = 0; c < x.size(); ++c) {
    for (double& sample : x[c]) {
      sample = activated(activation, c, sample);
    }
  }
}

void add(Signal& x, const Signal& y) {
  for (std::size_t c = 0; c < x.size(); ++c) {
    std::transform(x[c].begin(), x[c].end(), y[c].begin(), x[c].begin(), std::plus<>());
  }
}

// Changes x where the layer has a FiLM at `place`.
void modulate(const Layer& layer, FilmPlace place, const Signal& condition, Signal& x) {
  const std::optional<Film>& film = layer.films[static_cast<std::size_t>(place)];
  if (!film) {
    return;
  }
  const Signal p = convolved(film->map, condition);
  for (std::size_t c = 0; c < x.size(); ++c) {
    for (std::size_t t = 0; t < x[c].size(); ++t) {
      x[c][t] = p[c][t] * x[c][t] + (film->shift ? p[x.size() + c][t] : 0);
    }
  }
}

// From the channels of z, which a gate has twice.
Signal gated(const Layer& layer, Signal z) {
  if (layer.gating == Gating::none) {
    activate(layer.activation, z);
    return z;
  }
  const auto half = static_cast<std::ptrdiff_t>(z.size() / 2);
  const Signal before(z.begin(), z.begin() + half);
  Signal a = before;
  Signal s(z.begin() + half, z.end());
  activate(layer.activation, a);
  activate(layer.gate, s);
  for (std::size_t c = 0; c < a.size(); ++c) {
    for (std::size_t t = 0; t < a[c].size(); ++t) {
      a[c][t] *= s[c][t];
      if (layer.gating == Gating::blended) {
        a[c][t] += (1 - s[c][t]) * before[c][t];
      }
    }
  }
  return a;
}

// u goes through the layer; what it gives the head is added to `heads`.
void pass(const Layer& layer, const Signal& condition, Signal& u, Signal& heads) {
  Signal v = u;
  modulate(layer, FilmPlace::conv_before, condition, v);
  Signal z = convolved(layer.conv, v);
  modulate(layer, FilmPlace::conv_after, condition, z);
  Signal q = condition;
  modulate(layer, FilmPlace::mixin_before, condition, q);
  q = convolved(layer.mixin, q);
  modulate(layer, FilmPlace::mixin_after, condition, q);
  add(z, q);
  modulate(layer, FilmPlace::activation_before, condition, z);
  Signal a = gated(layer, std::move(z));
  modulate(layer, FilmPlace::activation_after, condition, a);
  if (layer.layer1x1) {
    Signal r = convolved(*layer.layer1x1, a);
    modulate(layer, FilmPlace::layer1x1_after, condition, r);
    add(u, r);
  }
  Signal h = layer.head1x1 ? convolved(*layer.head1x1, a) : std::move(a);
  modulate(layer, FilmPlace::head1x1_after, condition, h);
  add(heads, h);
}

Signal run(const Model& model, const Signal& x);

// Each from a state of zeros, but the LSTM, which begins in the state of its file.
struct Run {
  const Signal& x;

  Signal operator()(const WaveNet& net) const {
    const Signal condition = net.condition ? run(*net.condition, x) : x;
    Signal u = x;
    Signal heads = silence(static_cast<std::size_t>(net.arrays.front().head.in), time_of(x));
    for (const LayerArray& array : net.arrays) {
      u = convolved(array.rechannel, u);
      for (const Layer& layer : array.layers) {
        pass(layer, condition, u, heads);
      }
      heads = convolved(array.head, heads);
    }
    for (std::vector<double>& channel : heads) {
      for (double& sample : channel) {
        sample *= static_cast<double>(net.head_scale);
      }
    }
    if (net.head) {
      for (const Convolution& conv : net.head->convolutions) {
        activate(net.head->activation, heads);
        heads = convolved(conv, heads);
      }
    }
    return heads;
  }

  Signal operator()(const Lstm& net) const {
    Signal at = x;
    for (const LstmLayer& layer : net.layers) {
      at = through(layer, static_cast<std::size_t>(net.hidden), at);
    }
    Signal y{std::vector<double>(time_of(x), static_cast<double>(net.bias))};
    for (std::size_t c = 0; c < at.size(); ++c) {
      for (std::size_t t = 0; t < at[c].size(); ++t) {
        y[0][t] += static_cast<double>(net.head[c]) * at[c][t];
      }
    }
    return y;
  }

  Signal operator()(const ConvNet& net) const {
    Signal at = x;
    for (const ConvNetBlock& block : net.blocks) {
      at = convolved(block.conv, at);
      if (block.norm) {
        normalise(*block.norm, at);
      }
      activate(net.activation, at);
    }
    return convolved(net.head, at);
  }

  Signal operator()(const Linear& net) const {
    const Convolution conv{.kernel = static_cast<std::int64_t>(net.impulse.size()),
                           .weight{net.impulse.rbegin(), net.impulse.rend()},
                           .bias{net.bias}};
    return convolved(conv, x);
  }

  Signal operator()(const Container& net) const { return run(*net.choices.back().model, x); }

  Signal operator()(const Sequential& net) const {
    Signal at = x;
    for (const std::shared_ptr<const Model>& model : net.models) {
      at = run(*model, at);
    }
    return at;
  }

 private:
  static Signal through(const LstmLayer& layer, std::size_t size, const Signal& x) {
    Signal y = silence(size, time_of(x));
    std::vector<double> hidden(layer.hidden.begin(), layer.hidden.end());
    std::vector<double> cell(layer.cell.begin(), layer.cell.end());
    std::vector<double> gates(4 * size);
    for (std::size_t t = 0; t < time_of(x); ++t) {
      for (std::size_t g = 0; g < gates.size(); ++g) {
        const float* weight = layer.weight.data() + g * (x.size() + size);
        gates[g] = static_cast<double>(layer.bias[g]);
        for (const std::vector<double>& channel : x) {
          gates[g] += static_cast<double>(*weight++) * channel[t];
        }
        for (const double h : hidden) {
          gates[g] += static_cast<double>(*weight++) * h;
        }
      }
      for (std::size_t c = 0; c < size; ++c) {
        cell[c] =
            sigmoid(gates[size + c]) * cell[c] + sigmoid(gates[c]) * std::tanh(gates[2 * size + c]);
        hidden[c] = sigmoid(gates[3 * size + c]) * std::tanh(cell[c]);
        y[c][t] = hidden[c];
      }
    }
    return y;
  }

  static void normalise(const BatchNorm& norm, Signal& x) {
    for (std::size_t c = 0; c < x.size(); ++c) {
      const double scale =
          static_cast<double>(norm.gamma[c]) /
          std::sqrt(static_cast<double>(norm.var[c]) + static_cast<double>(norm.eps));
      for (double& sample : x[c]) {
        sample = (sample - static_cast<double>(norm.mean[c])) * scale +
                 static_cast<double>(norm.beta[c]);
      }
    }
  }
};

Signal run(const Model& model, const Signal& x) { return std::visit(Run{x}, model.net); }

}  // namespace

Signal answer(const Model& model, const Signal& input) {
  check(static_cast<std::int64_t>(input.size()) == inputs(model),
        "answer: the model reads {} channels, got {}", inputs(model), input.size());
  const std::int64_t before = settling(model);
  Signal x = input;
  for (std::vector<double>& channel : x) {
    channel.insert(channel.begin(), static_cast<std::size_t>(before), 0.0);
  }
  Signal y = run(model, x);
  for (std::vector<double>& channel : y) {
    channel.erase(channel.begin(), channel.begin() + before);
  }
  return y;
}

std::vector<double> answer(const Model& model, std::span<const float> input) {
  check(outputs(model) == 1, "answer: the model gives {} channels", outputs(model));
  return answer(model, Signal{{input.begin(), input.end()}}).front();
}

}  // namespace wavenet::nam
