#include "wavenet/play/steps.h"

#include <algorithm>
#include <utility>

namespace wavenet::play {
namespace {

View matrix_of(const std::vector<float>& numbers, std::int64_t rows, std::int64_t columns) {
  return {const_cast<float*>(numbers.data()), DType::f32, Shape{rows, columns}, Shape{columns, 1}};
}

View vector_of(const std::vector<float>& numbers) {
  return {const_cast<float*>(numbers.data()), DType::f32,
          Shape{static_cast<std::int64_t>(numbers.size())}, Shape{1}};
}

class Mix final : public Step {
 public:
  // weight: [taps, outputs]
  Mix(std::vector<Tap> taps, std::vector<float> weight, std::vector<float> bias, Channels to,
      Channels addend)
      : taps_(std::move(taps)),
        weight_(std::move(weight)),
        bias_(std::move(bias)),
        rows_(taps_.size()),
        offsets_(taps_.size()),
        to_(to),
        addend_(addend) {
    for (const Tap& tap : taps_) {
      tap.line->reach(tap.back);
      if (runs_.empty() || runs_.back().line != tap.line) {
        runs_.push_back({tap.line, 0});
      }
      ++runs_.back().taps;
    }
  }

  void lay_out() override {
    for (std::size_t r = 0; r < taps_.size(); ++r) {
      offsets_[r] = taps_[r].channel * taps_[r].line->row() - taps_[r].back;
    }
    weights_ =
        transposed(matrix_of(weight_, static_cast<std::int64_t>(taps_.size()), to_.count()), 0, 1);
    biases_ = vector_of(bias_);
  }

  void run(std::int64_t samples) noexcept override {
    const void** row = rows_.data();
    const std::int64_t* offset = offsets_.data();
    for (const Run& run : runs_) {
      const float* const now = run.line->now(0);
      for (std::size_t i = 0; i < run.taps; ++i) {
        row[i] = now + offset[i];
      }
      row += run.taps;
      offset += run.taps;
    }
    backend_.mix_rows(weights_, rows_, biases_, addend_.of(samples), to_.of(samples));
  }

 private:
  struct Run {  // taps of one line that follow one another
    Line* line;
    std::size_t taps;
  };

  Backend& backend_ = cpu_backend();
  std::vector<Tap> taps_;
  std::vector<Run> runs_;
  std::vector<float> weight_;
  std::vector<float> bias_;
  std::vector<const void*> rows_;
  std::vector<std::int64_t> offsets_;
  Channels to_;
  Channels addend_;
  View weights_;
  View biases_;
};

class Activate final : public Step {
 public:
  Activate(const Activation& activation, Channels x, Channels y, Channels total)
      : activation_(activation), x_(x), y_(y), total_(total) {}
  void run(std::int64_t samples) noexcept override {
    backend_.activate(activation_, x_.of(samples), y_.of(samples), total_.of(samples));
  }

 private:
  Backend& backend_ = cpu_backend();
  Activation activation_;
  Channels x_;
  Channels y_;
  Channels total_;
};

class Modulate final : public Step {
 public:
  Modulate(Channels x, Channels scale, Channels shift, Channels y)
      : x_(x), scale_(scale), shift_(shift), y_(y) {}
  void run(std::int64_t samples) noexcept override {
    backend_.modulate(x_.of(samples), scale_.of(samples), shift_.of(samples), y_.of(samples));
  }

 private:
  Backend& backend_ = cpu_backend();
  Channels x_;
  Channels scale_;
  Channels shift_;
  Channels y_;
};

class Recur final : public Step {
 public:
  Recur(const nam::LstmLayer& layer, Channels x, Channels hidden, Channels cell)
      : layer_(layer), x_(x), hidden_(hidden), cell_(cell) {
    const auto columns = static_cast<std::size_t>(4 * hidden_.count());
    const auto rows = static_cast<std::size_t>(x_.count() + hidden_.count());
    weight_.resize(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        weight_[i * columns + j] = layer_.weight[j * rows + i];
      }
    }
    room_.resize(rows + columns + static_cast<std::size_t>(hidden_.count()));
    hidden_.line().reach(1);
    cell_.line().reach(1);
  }

  void lay_out() override {
    for (std::int64_t c = 0; c < hidden_.count(); ++c) {
      const auto unit = static_cast<std::size_t>(c);
      hidden_.line().now(c)[-1] = layer_.hidden[unit];
      cell_.line().now(c)[-1] = layer_.cell[unit];
    }
    weights_ = matrix_of(weight_, x_.count() + hidden_.count(), 4 * hidden_.count());
    biases_ = vector_of(layer_.bias);
    work_ = vector_of(room_);
  }

  void run(std::int64_t samples) noexcept override {
    backend_.lstm(x_.of(samples), weights_, biases_, work_, hidden_.of(samples + 1, 1),
                  cell_.of(samples + 1, 1));
  }

 private:
  Backend& backend_ = cpu_backend();
  nam::LstmLayer layer_;
  Channels x_;
  Channels hidden_;
  Channels cell_;
  std::vector<float> weight_;  // [x + hidden, 4 hidden]
  std::vector<float> room_;
  View weights_;
  View biases_;
  View work_;
};

// `slope`: below zero, where the activation has one for each channel.
Activation bent(const nam::Activation& activation, double slope) {
  switch (activation.function) {
    case nam::Function::tanh:
    case nam::Function::fast_tanh:
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
    case nam::Function::prelu:
      return {.curve = Curve::leaky, .slope_below = slope};
    case nam::Function::leaky_hard_tanh:
      return {.curve = Curve::bounded,
              .slope_below = static_cast<double>(activation.slope_below),
              .slope_above = static_cast<double>(activation.slope_above),
              .least = static_cast<double>(activation.least),
              .most = static_cast<double>(activation.most)};
  }
  return {};
}

}  // namespace

void Terms::add(std::int64_t output, const Tap& tap, double weight) {
  Output& to = outputs_[static_cast<std::size_t>(output)];
  to.taps.push_back(tap);
  to.weights.push_back(static_cast<float>(weight));
}

void Terms::add_bias(std::int64_t output, double bias) {
  outputs_[static_cast<std::size_t>(output)].bias += bias;
}

void Terms::add(const nam::Convolution& conv, const Channels& from,
                std::span<const double> scales) {
  const std::int64_t ins = conv.in / conv.groups;
  const std::int64_t outs = conv.out / conv.groups;
  for (std::int64_t o = 0; o < conv.out; ++o) {
    const double scale = scales[static_cast<std::size_t>(o)];
    for (std::int64_t k = 0; k < conv.kernel; ++k) {
      for (std::int64_t i = 0; i < ins; ++i) {
        const float weight = conv.weight[static_cast<std::size_t>((o * ins + i) * conv.kernel + k)];
        add(o,
            {&from.line(), from.first() + o / outs * ins + i,
             (conv.kernel - 1 - k) * conv.dilation},
            scale * static_cast<double>(weight));
      }
    }
    if (conv.has_bias) {
      add_bias(o, scale * static_cast<double>(conv.bias[static_cast<std::size_t>(o)]));
    }
  }
}

void Terms::add(const nam::Convolution& conv, const Channels& from, double scale) {
  add(conv, from, std::vector<double>(static_cast<std::size_t>(conv.out), scale));
}

void Terms::sum_into(Steps& steps, const Channels& to, const Channels& addend) const {
  for (std::size_t first = 0; first < outputs_.size();) {
    const std::vector<Tap>& taps = outputs_[first].taps;
    std::size_t end = first;
    while (end < outputs_.size() && outputs_[end].taps == taps) {
      ++end;
    }
    std::vector<float> weight;
    std::vector<float> bias;
    for (std::size_t r = 0; r < taps.size(); ++r) {
      for (std::size_t o = first; o < end; ++o) {
        weight.push_back(outputs_[o].weights[r]);
      }
    }
    for (std::size_t o = first; o < end; ++o) {
      bias.push_back(static_cast<float>(outputs_[o].bias));
    }
    const auto at = static_cast<std::int64_t>(first);
    const auto count = static_cast<std::int64_t>(end - first);
    steps.push_back(
        std::make_unique<Mix>(taps, std::move(weight), std::move(bias), to.part(at, count),
                              addend.count() == 0 ? Channels() : addend.part(at, count)));
    first = end;
  }
}

void activate(Steps& steps, const nam::Activation& activation, const Channels& x, const Channels& y,
              const Channels& total) {
  const std::vector<float>& slopes = activation.slopes;
  if (slopes.size() < 2) {
    const double slope = slopes.empty() ? 0 : static_cast<double>(slopes.front());
    steps.push_back(std::make_unique<Activate>(bent(activation, slope), x, y, total));
    return;
  }
  for (std::int64_t c = 0; c < x.count(); ++c) {
    const auto slope = static_cast<double>(slopes[static_cast<std::size_t>(c)]);
    steps.push_back(std::make_unique<Activate>(bent(activation, slope), x.part(c, 1), y.part(c, 1),
                                               total.count() == 0 ? Channels() : total.part(c, 1)));
  }
}

void modulate(Steps& steps, const Channels& x, const Channels& scale, const Channels& shift,
              const Channels& y) {
  steps.push_back(std::make_unique<Modulate>(x, scale, shift, y));
}

void recur(Steps& steps, const nam::LstmLayer& layer, const Channels& x, const Channels& hidden,
           const Channels& cell) {
  steps.push_back(std::make_unique<Recur>(layer, x, hidden, cell));
}

}  // namespace wavenet::play
