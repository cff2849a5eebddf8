#include "wavenet/train/watch.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/watch.h"

namespace wavenet::train {
namespace {

constexpr std::size_t kBins = 50;

struct Moments {
  double mean = 0;
  double std = 0;
};

Moments moments_of(const std::vector<float>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
  }
  const double mean = sum / count;
  double squares = 0;
  for (const float value : values) {
    const double off = static_cast<double>(value) - mean;
    squares += off * off;
  }
  return {mean, std::sqrt(squares / count)};
}

// Over what the values span; one that is not finite is counted nowhere.
Histogram histogram_of(const std::vector<float>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Histogram histogram{static_cast<double>(*low), static_cast<double>(*high),
                      std::vector<std::int64_t>(kBins)};
  if (histogram.low == histogram.high) {  // one value gets a bin of its own
    histogram.low -= 0.5;
    histogram.high += 0.5;
  }
  const double scale = static_cast<double>(kBins) / (histogram.high - histogram.low);
  for (const float value : values) {
    const double bin = (static_cast<double>(value) - histogram.low) * scale;
    if (std::isfinite(bin)) {
      ++histogram.counts[std::min(static_cast<std::size_t>(bin), kBins - 1)];
    }
  }
  const Moments moments = moments_of(values);
  histogram.mean = moments.mean;
  histogram.std = moments.std;
  return histogram;
}

// Of tanh outputs [..., C]: the share of saturated ones, and of channels that are so in every row.
void add_saturation(const std::vector<float>& values, std::size_t channels, LayerRecord& record) {
  std::vector<bool> dead(channels, true);
  std::int64_t saturated = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_saturated = std::abs(static_cast<double>(values[i])) > kSaturated;
    saturated += is_saturated ? 1 : 0;
    dead[i % channels] = dead[i % channels] && is_saturated;
  }
  record.saturated = static_cast<double>(saturated) / static_cast<double>(values.size());
  record.dead = static_cast<double>(std::count(dead.begin(), dead.end(), true)) /
                static_cast<double>(channels);
}

// Lowest, median, highest.
Spread range_of(const Tensor& x) {
  std::vector<float> values = x.to_vector<float>();
  std::sort(values.begin(), values.end());
  return {static_cast<double>(values.front()), static_cast<double>(values[values.size() / 2]),
          static_cast<double>(values.back())};
}

}  // namespace

nn::Trace::Visit Watch::visit() {
  return [this](const nn::Trace::Layer& layer, Tensor& output) {
    const std::vector<float> values = output.to_vector<float>();
    LayerRecord record{
        .step = step_, .name = layer.name, .kind = layer.kind, .activation = histogram_of(values)};
    if (layer.kind == "Tanh" || layer.kind == "GatedTanh") {
      add_saturation(values, static_cast<std::size_t>(output.size(-1)), record);
    }
    layers_.push_back(std::move(record));
    output = watch(output, [this, at = layers_.size() - 1](const Tensor& dy) {
      layers_[at].gradient = histogram_of(dy.to_vector<float>());
    });
  };
}

void Watch::before_update() {
  for (const auto& [name, parameter] : model_.parameters()) {
    before_.push_back(parameter.clone());
    const Tensor gradient = grad(parameter);
    parameters_.push_back(
        {.step = step_,
         .name = name,
         .std = moments_of(parameter.to_vector<float>()).std,
         .gradient_std = gradient.defined() ? moments_of(gradient.to_vector<float>()).std : 0});
  }
}

void Watch::after_update() {
  const nn::NamedTensors now = model_.parameters();
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::vector<float> old = before_[i].to_vector<float>();
    std::vector<float> moved = now[i].second.to_vector<float>();
    std::transform(moved.begin(), moved.end(), old.begin(), moved.begin(), std::minus<>());
    parameters_[i].update_ratio = std::log10(moments_of(moved).std / parameters_[i].std);
  }
  std::map<std::string, Tensor> buffers;
  for (const auto& [name, tensor] : model_.buffers()) {
    buffers[name] = tensor;
  }
  const std::string mean = ".running_mean";
  for (const auto& [name, tensor] : buffers) {
    if (name.ends_with(mean)) {
      const std::string norm = name.substr(0, name.size() - mean.size());
      norms_.push_back({.step = step_,
                        .name = norm,
                        .mean = range_of(tensor),
                        .variance = range_of(buffers.at(norm + ".running_var"))});
    }
  }
}

}  // namespace wavenet::train
