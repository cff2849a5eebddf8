#include "wavenet/nam/write.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/names.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/same.h"

namespace wavenet::nam {
namespace {

// JSON as text: nlohmann's own numbers are doubles, whose shortest decimals are longer than a float's.

std::string quoted(std::string_view text) { return nlohmann::json(text).dump(); }
std::string text(bool value) { return value ? "true" : "false"; }
std::string text(std::int64_t value) { return fmt::format("{}", value); }

template <std::floating_point Number>
std::string text(Number value) {
  check_as(ErrorKind::diverged, std::isfinite(value), "a .nam file cannot hold the number {}",
           value);
  std::string digits = fmt::format("{}", value);
  if (digits.find_first_of(".e") == digits.npos) {
    digits += ".0";  // readers take -0 for a whole number, which has no sign
  }
  return digits;
}

std::string object(const std::vector<std::pair<std::string_view, std::string>>& members) {
  std::string all = "{";
  for (const auto& [key, value] : members) {
    all += fmt::format("{}{}: {}", all.size() > 1 ? ", " : "", quoted(key), value);
  }
  return all + "}";
}

template <class Member>
std::string list(const std::vector<Member>& members, const auto& text_of_one) {
  std::string all = "[";
  for (const Member& member : members) {
    if (all.size() > 1) {
      all += ", ";
    }
    all += text_of_one(member);
  }
  return all + "]";
}

std::string numbers(const auto& values) {
  return list(values, [](auto value) { return text(value); });
}

std::string activation(const Activation& it) {
  const std::string type = quoted(name_of(it.function));
  switch (it.function) {
    case Function::leaky_relu:
    case Function::prelu:
      if (it.slopes.size() != 1) {
        return object({{"type", type}, {"negative_slopes", numbers(it.slopes)}});
      }
      return object({{"type", type}, {"negative_slope", text(it.slopes[0])}});
    case Function::leaky_hard_tanh:
      return object({{"type", type},
                     {"min_val", text(it.least)},
                     {"max_val", text(it.most)},
                     {"min_slope", text(it.slope_below)},
                     {"max_slope", text(it.slope_above)}});
    default:
      return object({{"type", type}});
  }
}

std::string one_by_one(const std::optional<Convolution>& conv, bool with_out) {
  const Convolution it = conv.value_or(Convolution{});
  if (!with_out) {
    return object({{"active", text(conv.has_value())}, {"groups", text(it.groups)}});
  }
  return object({{"active", text(conv.has_value())},
                 {"out_channels", text(it.out)},
                 {"groups", text(it.groups)}});
}

std::string film(const std::optional<Film>& it) {
  const Film some = it.value_or(Film{});
  return object({{"active", text(it.has_value())},
                 {"shift", text(some.shift)},
                 {"groups", text(some.map.groups)}});
}

std::string slices(const std::optional<Slices>& it) {
  return it ? object({{"method", quoted(kSlicing)},
                      {"kwargs", object({{"allowed_channels", numbers(it->channels)}})}})
            : "null";
}

std::string head(const Convolution& it) {
  std::vector<std::pair<std::string_view, std::string>> members{{"out_channels", text(it.out)},
                                                                {"kernel_size", text(it.kernel)},
                                                                {"bias", text(it.has_bias)}};
  if (it.dilation != 1) {
    members.emplace_back("head_dilation", text(it.dilation));
  }
  return object(members);
}

std::string dilations(const LayerArray& array) {
  return list(array.layers, [](const Layer& layer) { return text(layer.conv.dilation); });
}

std::string current_array(const LayerArray& array) {
  const Layer& first = array.layers.front();
  std::vector<std::pair<std::string_view, std::string>> members{
      {"input_size", text(array.input)},
      {"condition_size", text(array.condition)},
      {"head", head(array.head)},
      {"channels", text(array.channels)},
      {"kernel_sizes",
       list(array.layers, [](const Layer& layer) { return text(layer.conv.kernel); })},
      {"dilations", dilations(array)},
      {"activation",
       list(array.layers, [](const Layer& layer) { return activation(layer.activation); })},
      {"bottleneck", text(array.bottleneck)},
      {"head1x1", one_by_one(first.head1x1, true)},
      {"layer1x1", one_by_one(first.layer1x1, false)},
      {"groups_input", text(first.conv.groups)},
      {"groups_input_mixin", text(first.mixin.groups)}};
  for (std::size_t place = 0; place < kFilmPlaces; ++place) {
    members.emplace_back(kFilmKeys[place], film(first.films[place]));
  }
  members.emplace_back("gating_mode", list(array.layers, [](const Layer& layer) {
                         return quoted(name_of(layer.gating));
                       }));
  members.emplace_back("secondary_activation", list(array.layers, [](const Layer& layer) {
                         return layer.gating == Gating::none ? "null" : activation(layer.gate);
                       }));
  members.emplace_back("slimmable", slices(array.slices));
  return object(members);
}

std::string plain_array(const LayerArray& array) {
  const Layer& first = array.layers.front();
  return object({{"input_size", text(array.input)},
                 {"condition_size", text(array.condition)},
                 {"head_size", text(array.head.out)},
                 {"channels", text(array.channels)},
                 {"kernel_size", text(first.conv.kernel)},
                 {"dilations", dilations(array)},
                 {"activation", quoted(name_of(first.activation.function))},
                 {"gated", text(first.gating != Gating::none)},
                 {"head_bias", text(array.head.has_bias)}});
}

std::string post_head(const std::optional<PostHead>& it) {
  if (!it) {
    return "null";
  }
  return object({{"channels", text(it->convolutions.front().out)},
                 {"activation", activation(it->activation)},
                 {"out_channels", text(it->convolutions.back().out)},
                 {"kernel_sizes", list(it->convolutions, [](const Convolution& conv) {
                    return text(conv.kernel);
                  })}});
}

std::string whole(const Model& model, Form form);

struct Config {
  Form form;

  std::string operator()(const WaveNet& net) const {
    std::vector<std::pair<std::string_view, std::string>> members{
        {"layers", list(net.arrays, form == Form::plain ? plain_array : current_array)},
        {"head", post_head(net.head)},
        {"head_scale", text(net.head_scale)}};
    if (net.in_channels != 1) {
      members.emplace_back("in_channels", text(net.in_channels));
    }
    if (net.condition) {
      members.emplace_back("condition_dsp", whole(*net.condition, form));
    }
    return object(members);
  }
  std::string operator()(const Lstm& net) const {
    return object({{"input_size", text(net.layers.front().in)},
                   {"hidden_size", text(net.hidden)},
                   {"num_layers", text(static_cast<std::int64_t>(net.layers.size()))}});
  }
  std::string operator()(const ConvNet& net) const {
    const ConvNetBlock& first = net.blocks.front();
    std::vector<std::pair<std::string_view, std::string>> members{
        {"channels", text(first.conv.out)},
        {"dilations",
         list(net.blocks, [](const ConvNetBlock& block) { return text(block.conv.dilation); })},
        {"batchnorm", text(first.norm.has_value())},
        {"activation", net.activation.slopes.empty() ? quoted(name_of(net.activation.function))
                                                     : activation(net.activation)}};
    for (const auto& [key, value] : {std::pair{"groups", first.conv.groups},
                                     {"in_channels", first.conv.in},
                                     {"out_channels", net.head.out}}) {
      if (value != 1) {
        members.emplace_back(key, text(value));
      }
    }
    return object(members);
  }
  std::string operator()(const Linear& net) const {
    return object({{"receptive_field", text(static_cast<std::int64_t>(net.impulse.size()))},
                   {"bias", text(true)}});
  }
  std::string operator()(const Container& net) const {
    return object({{"submodels", list(net.choices, [this](const Container::Choice& choice) {
                      return object({{"max_value", text(choice.most)},
                                     {"model", whole(*choice.model, form)}});
                    })}});
  }
  std::string operator()(const Sequential& net) const {
    return object({{"models", list(net.models, [this](const std::shared_ptr<const Model>& model) {
                      return whole(*model, form);
                    })}});
  }
};

std::string metadata(const Metadata& it) {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  if (!it.json.empty()) {
    all = nlohmann::ordered_json::parse(it.json, nullptr, /*allow_exceptions=*/false);
    check_usage(all.is_object(), "a .nam file's metadata must be a JSON object");
  }
  for (const auto& [key, value] : {std::pair{"loudness", it.loudness},
                                   {"gain", it.gain},
                                   {"input_level_dbu", it.input_level_dbu},
                                   {"output_level_dbu", it.output_level_dbu}}) {
    if (value) {
      check_as(ErrorKind::diverged, std::isfinite(*value), "a .nam file cannot hold a {} of {}",
               key, *value);
      all[key] = *value;
    } else if (all.contains(key) && !all[key].is_null()) {
      all.erase(key);
    }
  }
  return all.empty() ? "" : all.dump();
}

std::string whole(const Model& model, Form form) {
  std::vector<std::pair<std::string_view, std::string>> members{
      {"version", quoted(form == Form::plain ? "0.5.4" : "0.7.0")}};
  if (std::string told = metadata(model.metadata); !told.empty()) {
    members.emplace_back("metadata", std::move(told));
  }
  members.emplace_back("architecture", quoted(architecture_of(model)));
  members.emplace_back("config", std::visit(Config{form}, model.net));
  members.emplace_back("weights", numbers(weights_of(model)));
  if (model.sample_rate) {
    const double rate = *model.sample_rate;
    members.emplace_back("sample_rate",
                         rate == std::floor(rate) ? fmt::format("{:.0f}", rate) : text(rate));
  }
  return object(members);
}

}  // namespace

std::string text_of(const Model& model, Form form) {
  const std::string_view name = form == Form::plain ? "the form of version 0.5.4" : "a .nam file";
  require_parts(model);
  std::string json = whole(model, form) + "\n";
  std::string why = "it would be read as another";
  bool held = false;
  try {
    held = same(parse(json, std::string(name)), model);
  } catch (const Error& error) {
    why = error.what();
  }
  check_usage(held, "{} cannot hold this net: {}", name, why);
  return json;
}

void write(const std::filesystem::path& path, const Model& model, Form form) {
  write_file_atomically(path, text_of(model, form));
}

}  // namespace wavenet::nam
