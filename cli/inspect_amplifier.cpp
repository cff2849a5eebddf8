// wavenet inspect x.nam: what the file says of its net, and of the amplifier.
#include "cli/inspect_amplifier.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/json_line.h"
#include "cli/say.h"
#include "wavenet/base/utf8.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/names.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/shapes.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

// One object for each array, layer or model inside, whatever the net has.
struct Parts {
  Json operator()(const nam::WaveNet& net) const {
    Json all = Json::array();
    for (const nam::LayerArray& array : net.arrays) {
      std::vector<std::int64_t> kernels;
      std::vector<std::int64_t> dilations;
      for (const nam::Layer& layer : array.layers) {
        kernels.push_back(layer.conv.kernel);
        dilations.push_back(layer.conv.dilation);
      }
      const nam::Layer& first = array.layers.front();
      all.push_back({{"channels", array.channels},
                     {"layers", array.layers.size()},
                     {"activation", nam::name_of(first.activation.function)},
                     {"gating", nam::name_of(first.gating)},
                     {"kernels", kernels},
                     {"dilations", dilations}});
    }
    return all;
  }
  Json operator()(const nam::Lstm& net) const {
    return Json::array({{{"hidden", net.hidden}, {"layers", net.layers.size()}}});
  }
  Json operator()(const nam::ConvNet& net) const {
    return Json::array({{{"channels", net.head.in},
                         {"layers", net.blocks.size()},
                         {"activation", nam::name_of(net.activation.function)}}});
  }
  Json operator()(const nam::Linear& net) const {
    return Json::array({{{"taps", net.impulse.size()}}});
  }
  Json operator()(const nam::Container& net) const;
  Json operator()(const nam::Sequential& net) const;
};

Json facts_of(const nam::Model& model) {
  Json facts{{"architecture", nam::architecture_of(model)}, {"version", model.version}};
  if (model.sample_rate) {
    facts["sample_rate"] = *model.sample_rate;
  }
  if (const std::int64_t field = nam::receptive_field(model)) {
    facts["receptive_field"] = field;
  }
  if (const std::int64_t weights = nam::weight_count(model)) {
    facts["weights"] = weights;
  }
  facts["parts"] = std::visit(Parts{}, model.net);
  if (!model.metadata.json.empty()) {
    facts["metadata"] = Json::parse(model.metadata.json);
  }
  return facts;
}

Json Parts::operator()(const nam::Container& net) const {
  Json all = Json::array();
  for (const nam::Container::Choice& choice : net.choices) {
    all.push_back({{"max_value", choice.most}, {"model", facts_of(*choice.model)}});
  }
  return all;
}

Json Parts::operator()(const nam::Sequential& net) const {
  Json all = Json::array();
  for (const std::shared_ptr<const nam::Model>& model : net.models) {
    all.push_back(facts_of(*model));
  }
  return all;
}

// A line a fact, those inside others further to the right.
void print(const Json& facts, std::size_t indent) {
  constexpr std::size_t kMost = 400;
  for (const auto& [key, value] : facts.items()) {
    const std::string name = fmt::format("{:{}}{}", "", indent, excerpt(key));
    if (value.is_object()) {
      fmt::print("{}\n", name);
      print(value, indent + 2);
    } else if (value.is_array() && !value.empty() && value.front().is_object()) {
      for (const Json& part : value) {
        print(Json::object({{key, part}}), indent);
      }
    } else if (!value.is_null()) {
      fmt::print("{:20} {}\n", name,
                 excerpt(value.is_string() ? value.get<std::string>() : value.dump(), kMost));
    }
  }
}

}  // namespace

int inspect_amplifier(const std::string& path, bool json) {
  std::vector<std::string> notes;
  const Json facts = facts_of(nam::read(path, &notes));
  for (const std::string& note : notes) {
    say::warning(note);
  }
  if (json) {
    fmt::print("{}", json_line(facts));
  } else {
    print(facts, 0);
  }
  return 0;
}

}  // namespace cli
