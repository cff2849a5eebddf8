#include "wavenet/nam/read.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/utf8.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/names.h"
#include "wavenet/nam/reading.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/nam/tree.h"

namespace wavenet::nam {
namespace {

using Version = std::array<unsigned, 3>;

constexpr Version kOldest{0, 5, 0};
constexpr Version kNewest{0, 7, 0};

Version version_of(const Place& place) {
  const std::string& text = place.text();
  Version version{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < version.size(); ++i) {
    const auto [after, error] = std::from_chars(at, end, version[i]);
    const bool last = i + 1 == version.size();
    if (error != std::errc{} || (last ? after != end : after == end || *after != '.')) {
      place.must_be("three numbers such as \"0.7.0\"");
    }
    at = last ? after : after + 1;
  }
  return version;
}

void require_known(const Place& place, Reading& reading) {
  const Version version = version_of(place);
  if (version < kOldest || version[0] > 0 || version[1] > kNewest[1]) {
    place.refuse(fmt::format("is {}; versions 0.5.0 to 0.7 are read", excerpt(place.text())));
  }
  if (version > kNewest) {
    reading.note(place, fmt::format("is {}; what came after 0.7.0 is not known here, and the "
                                    "model may sound otherwise than it should",
                                    excerpt(place.text())));
  }
}

Metadata metadata_of(const Place& place) {
  const auto number = [&](std::string_view key) -> std::optional<double> {
    const std::optional<Place> found = place.find(key);
    return found ? std::optional(found->number()) : std::nullopt;
  };
  return {.loudness = number("loudness"),
          .gain = number("gain"),
          .input_level_dbu = number("input_level_dbu"),
          .output_level_dbu = number("output_level_dbu"),
          .json = place.value().dump()};
}

double rate_of(const Place& place) {
  const double rate = place.number();
  if (!(rate > 0 && rate <= 1e7)) {
    place.must_be("a number of Hz above 0, at most 1e7");
  }
  return rate;
}

std::vector<float> numbers_of(const Place& place) {
  const nlohmann::ordered_json& list = place.value();
  std::vector<float> numbers;
  numbers.reserve(list.size());
  for (const nlohmann::ordered_json& value : list) {
    if (!value.is_number() || !fits_single(value.get<double>())) {
      Place(value, place.file(), fmt::format("{}[{}]", place.path(), numbers.size())).single();
    }
    numbers.push_back(value.get<float>());
  }
  return numbers;
}

void require_count(const Place& weights, std::int64_t expected) {
  if (!weights.is_list()) {
    weights.must_be("a list");
  }
  if (static_cast<std::int64_t>(weights.value().size()) != expected) {
    weights.refuse(fmt::format("holds {} numbers; the net that config describes has {}",
                               weights.value().size(), expected));
  }
}

Linear linear_of(const Place& config, const Place& weights) {
  const std::int64_t taps =
      config.at("receptive_field").integer(1, std::numeric_limits<std::int32_t>::max());
  for (const char* key : {"in_channels", "out_channels"}) {
    if (const std::optional<Place> channels = config.find(key)) {
      channels->integer(1, 1);
    }
  }
  const bool has_bias = config.at("bias").boolean();
  require_count(weights, taps + (has_bias ? 1 : 0));
  Linear net;
  net.impulse = numbers_of(weights);
  if (has_bias) {
    net.bias = net.impulse.back();
    net.impulse.pop_back();
  }
  return net;
}

void require_same_rate(const Place& place, const Model& child, const std::optional<double>& rate) {
  if (child.sample_rate && rate && *child.sample_rate != *rate) {
    place.refuse(fmt::format("has a sample_rate of {} where what holds it has {}",
                             *child.sample_rate, *rate));
  }
}

Container container_of(const Place& config, const std::optional<double>& rate, Reading& reading) {
  Container net;
  const Place list = config.at("submodels");
  for (const Place& place : list.list(kMostModels)) {
    const double most = place.at("max_value").number();
    if (!net.choices.empty() && !(most > net.choices.back().most)) {
      place.at("max_value").must_be(fmt::format("above {}", net.choices.back().most));
    }
    const Place inner = place.at("model");
    const auto model = std::make_shared<const Model>(model_of(inner, reading));
    require_same_rate(inner, *model, rate);
    const Model& first = net.choices.empty() ? *model : *net.choices.front().model;
    if (inputs(*model) != inputs(first) || outputs(*model) != outputs(first)) {
      inner.refuse(fmt::format("has {} channels in and {} out; the first has {} and {}",
                               inputs(*model), outputs(*model), inputs(first), outputs(first)));
    }
    net.choices.push_back({most, model});
  }
  if (net.choices.empty() || net.choices.back().most < 1) {
    list.refuse("must end with a max_value of at least 1");
  }
  return net;
}

Sequential sequential_of(const Place& config, std::optional<double> rate, Reading& reading) {
  Sequential net;
  const Place list = config.at("models");
  for (const Place& place : list.list(kMostModels)) {
    if (!place.find("architecture")) {
      place.refuse(
          "does not say which architecture it has, as in an old layout of Sequential; "
          "write the file anew with a newer trainer");
    }
    const auto model = std::make_shared<const Model>(model_of(place, reading));
    require_same_rate(place, *model, rate);
    if (!rate) {
      rate = model->sample_rate;
    }
    if (!net.models.empty() && inputs(*model) != outputs(*net.models.back())) {
      place.refuse(fmt::format("reads {} channels; the one before it gives {}", inputs(*model),
                               outputs(*net.models.back())));
    }
    net.models.push_back(model);
  }
  if (net.models.empty()) {
    list.must_be("a list that is not empty");
  }
  return net;
}

template <class Net>
Model with_weights(Model model, Net net, const Place& weights) {
  model.net = std::move(net);
  require_count(weights, weight_count(model));
  set_weights(model, numbers_of(weights));
  return model;
}

}  // namespace

Model model_of(const Place& place, Reading& reading) {
  if (++reading.nested > kMostNested) {
    place.refuse(fmt::format("nests models more than {} deep", kMostNested));
  }
  if (reading.models-- == 0) {
    place.refuse(fmt::format("is beyond {} models in the file", kMostModels));
  }
  require_known(place.at("version"), reading);
  Model model{.version = place.at("version").text()};
  if (const std::optional<Place> rate = place.find("sample_rate")) {
    model.sample_rate = rate_of(*rate);
  }
  if (const std::optional<Place> metadata = place.find("metadata")) {
    model.metadata = metadata_of(*metadata);
  }
  const Place config = place.at("config");
  const Place weights = place.at("weights");
  const Place architecture = place.at("architecture");
  const std::string& name = architecture.text();
  if (name == "WaveNet") {
    model = with_weights(std::move(model), wavenet_of(config, reading), weights);
    const std::shared_ptr<const Model>& condition = std::get<WaveNet>(model.net).condition;
    if (condition && condition->sample_rate != model.sample_rate) {
      config.at("condition_dsp").refuse("must have the sample_rate of the model that holds it");
    }
  } else if (name == "LSTM") {
    model = with_weights(std::move(model), lstm_of(config, reading), weights);
  } else if (name == "ConvNet") {
    model = with_weights(std::move(model), convnet_of(config, reading), weights);
  } else if (name == "Linear") {
    model.net = linear_of(config, weights);
  } else if (name == "SlimmableContainer") {
    model.net = container_of(config, model.sample_rate, reading);
  } else if (name == "Sequential") {
    model.net = sequential_of(config, model.sample_rate, reading);
  } else {
    const std::vector<std::string> known(kArchitectures.begin(), kArchitectures.end());
    architecture.refuse(
        fmt::format("is unknown: '{}'{}", excerpt(name), nearest_hint(name, known)));
  }
  --reading.nested;
  return model;
}

Model parse(std::string_view json, const std::string& name, std::vector<std::string>* notes) {
  const nlohmann::ordered_json tree = tree_of(json, name);
  Reading reading{.notes = notes};
  return model_of(Place(tree, name), reading);
}

Model read(const std::filesystem::path& path, std::vector<std::string>* notes) {
  return parse(read_file(path, kMaxBytes), path.string(), notes);
}

}  // namespace wavenet::nam
