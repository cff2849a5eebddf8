#include "wavenet/play/network.h"

#include <algorithm>
#include <cmath>

namespace wavenet::play {

Channels Site::line(std::int64_t channels) { return Channels(lines_.emplace_back(channels)); }

Channels Site::scratch(Use use, std::int64_t channels) {
  Line*& line = scratch_[use];
  if (line == nullptr) {
    line = &lines_.emplace_back(channels);
  }
  line->widen(channels);
  return {*line, 0, channels};
}

Channels Site::convolved(const nam::Convolution& conv, const Channels& x, const Channels& to,
                         const Channels& addend) {
  Terms terms(conv.out);
  terms.add(conv, x);
  terms.sum_into(steps_, to, addend);
  return to;
}

namespace {

struct Build {
  Site& site;
  const Channels& x;

  Channels operator()(const nam::WaveNet& net) const { return build(site, net, x); }

  Channels operator()(const nam::Lstm& net) const {
    Channels at = x;
    for (const nam::LstmLayer& layer : net.layers) {
      const Channels hidden = site.line(net.hidden);
      recur(site.steps(), layer, at, hidden, site.line(net.hidden));
      at = hidden;
    }
    const nam::Convolution head{.in = net.hidden, .weight = net.head, .bias{net.bias}};
    return site.convolved(head, at, site.line(1));
  }

  Channels operator()(const nam::ConvNet& net) const {
    Channels at = x;
    for (const nam::ConvNetBlock& block : net.blocks) {
      const Channels to = site.line(block.conv.out);
      normalised(block, at).sum_into(site.steps(), to);
      activate(site.steps(), net.activation, to, to);
      at = to;
    }
    return site.convolved(net.head, at, site.line(net.head.out));
  }

  Channels operator()(const nam::Linear& net) const {
    const nam::Convolution conv{.kernel = static_cast<std::int64_t>(net.impulse.size()),
                                .weight{net.impulse.rbegin(), net.impulse.rend()},
                                .bias{net.bias}};
    return site.convolved(conv, x, site.line(1));
  }

  Channels operator()(const nam::Container& net) const {
    return build(site, *net.choices.back().model, x);
  }

  Channels operator()(const nam::Sequential& net) const {
    Channels at = x;
    for (const std::shared_ptr<const nam::Model>& model : net.models) {
      at = build(site, *model, at);
    }
    return at;
  }

 private:
  // The convolution and its norm as one.
  static Terms normalised(const nam::ConvNetBlock& block, const Channels& x) {
    Terms terms(block.conv.out);
    std::vector<double> scales(static_cast<std::size_t>(block.conv.out), 1.0);
    for (std::size_t c = 0; block.norm && c < scales.size(); ++c) {
      const nam::BatchNorm& norm = *block.norm;
      scales[c] = static_cast<double>(norm.gamma[c]) /
                  std::sqrt(static_cast<double>(norm.var[c]) + static_cast<double>(norm.eps));
      terms.add_bias(
          static_cast<std::int64_t>(c),
          static_cast<double>(norm.beta[c]) - static_cast<double>(norm.mean[c]) * scales[c]);
    }
    terms.add(block.conv, x, scales);
    return terms;
  }
};

}  // namespace

Channels build(Site& site, const nam::Model& model, const Channels& x) {
  return std::visit(Build{site, x}, model.net);
}

Network::Network(const nam::Model& model) : in_(lines_.emplace_back(1)) {
  Site site(steps_, lines_);
  out_ = build(site, model, in_);
  for (Line& line : lines_) {
    line.lay_out();
    if (line.looks_back()) {
      looking_back_.push_back(&line);
    }
  }
  for (const std::unique_ptr<Step>& step : steps_) {
    step->lay_out();
  }
}

void Network::run(std::span<const float> in, std::span<float> out) noexcept {
  const auto samples = static_cast<std::int64_t>(in.size());
  for (Line* line : looking_back_) {
    line->open(samples);
  }
  std::copy(in.begin(), in.end(), in_.line().now(0));
  for (const std::unique_ptr<Step>& step : steps_) {
    step->run(samples);
  }
  std::copy_n(out_.line().now(out_.first()), samples, out.begin());
  for (Line* line : looking_back_) {
    line->close(samples);
  }
}

void Network::keep() {
  for (Line* line : looking_back_) {
    line->keep();
  }
}

void Network::restore() noexcept {
  for (Line* line : looking_back_) {
    line->restore();
  }
}

}  // namespace wavenet::play
