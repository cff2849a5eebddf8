#include "wavenet/log/run_info.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/log/fields.h"

namespace wavenet {
namespace {

using logs::Fields;
using logs::Json;
using Ordered = nlohmann::ordered_json;

// --- reading ---

// The known ones in their order, then the rest by name.
std::vector<Fact> facts_of(const Fields& fields) {
  std::vector<std::string> names{"source", "words",    "characters", "train",     "val",
                                 "test",   "alphabet", "longest",    "duplicates"};
  std::erase_if(names, [&](const std::string& name) { return !fields.has(name.c_str()); });
  const auto known = std::ssize(names);
  for (const std::string& key : fields.keys()) {
    if (std::find(names.begin(), names.begin() + known, key) == names.begin() + known) {
      names.push_back(key);
    }
  }
  std::vector<Fact> facts;
  for (const std::string& name : names) {
    facts.push_back({name, fields.fact(name)});
  }
  return facts;
}

Marks marks_of(const Fields& fields) {
  const auto number = [&](const char* key) {
    return fields.number_if(key).value_or(Marks().ngram);
  };
  return {.uniform = number("uniform"),
          .unigram = number("unigram"),
          .ngram = number("ngram"),
          .order = fields.integer_or("order", 0),
          .linear_prediction = number("linear_prediction"),
          .gain = number("gain"),
          .filter = number("filter"),
          .curve = number("curve")};
}

LayerInfo layer_info_of(const Fields& fields) {
  return {.name = fields.name("name"),
          .kind = fields.name("kind"),
          .shape = fields.integers("shape"),
          .parameters = fields.integer("parameters")};
}

std::int64_t steps_of(const Fields& recipe) {
  return recipe.has("train") ? recipe.object("train").integer_or("steps", 0) : 0;
}

// --- writing ---

Ordered json_of(const std::vector<LayerInfo>& layers) {
  Ordered list = Ordered::array();
  for (const LayerInfo& layer : layers) {
    list.push_back({{"name", layer.name},
                    {"kind", layer.kind},
                    {"shape", layer.shape},
                    {"parameters", layer.parameters}});
  }
  return list;
}

Ordered json_of(const std::vector<Fact>& facts) {
  Ordered object = Ordered::object();
  for (const Fact& fact : facts) {
    std::visit([&](const auto& value) { object[fact.name] = value; }, fact.value);
  }
  return object;
}

}  // namespace

RunInfo parse_run_info(std::string_view text, const std::string& file) {
  const Json all = logs::parse_json(text, file);
  const Fields fields(all, file);
  RunInfo info{.version = fields.text_or("version", ""),
               .command = fields.text_or("command", ""),
               .recipe = {},
               .seed = fields.count_if("seed"),
               .split_seed = fields.count_if("split_seed"),
               .parameters = fields.count_if("parameters"),
               .receptive_field = fields.integer_or("receptive_field", 0),
               .vocabulary = fields.integer_or("vocabulary", 0),
               .unit = fields.text_or("unit", RunInfo().unit),
               .measure = fields.text_or("measure", RunInfo().measure),
               .layers = {},
               .dilations = {},
               .width = fields.integer_or("width", 0),
               .data = {},
               .marks = {}};
  if (fields.has("recipe")) {
    const Fields recipe = fields.object("recipe");
    info.recipe = logs::indented_part(text, "recipe", file);
    info.steps = steps_of(recipe);
  }
  if (fields.has("layers")) {
    for (const Fields& layer : fields.objects("layers")) {
      info.layers.push_back(layer_info_of(layer));
    }
  }
  if (fields.has("dilations")) {
    info.dilations = fields.integers("dilations");
  }
  if (fields.has("data")) {
    info.data = facts_of(fields.object("data"));
  }
  if (fields.has("marks")) {
    info.marks = marks_of(fields.object("marks"));
  }
  return info;
}

bool begins_a_run_info(std::string_view text) {
  return text.starts_with('{') && text.find("\"command\":") != text.npos &&
         text.find("\"recipe\":") != text.npos;
}

std::string measure_of(const RunInfo& info) {
  return info.measure == RunInfo().measure ? info.measure + " per " + info.unit : info.measure;
}

std::string text_of(const RunInfo& info) {
  Ordered json{{"version", info.version}, {"command", info.command}};
  json["recipe"] = Ordered::parse(info.recipe);
  const auto add = [&](const char* key, const auto& value) {
    if (value) {
      json[key] = *value;
    }
  };
  add("seed", info.seed);
  add("split_seed", info.split_seed);
  add("parameters", info.parameters);
  json["receptive_field"] = info.receptive_field;
  json["vocabulary"] = info.vocabulary;
  json["unit"] = info.unit;
  if (info.measure != RunInfo().measure) {
    json["measure"] = info.measure;
  }
  json["layers"] = json_of(info.layers);
  if (!info.dilations.empty()) {
    json["width"] = info.width;
    json["dilations"] = info.dilations;
  }
  json["data"] = json_of(info.data);
  json["marks"] = {{"uniform", info.marks.uniform},
                   {"unigram", info.marks.unigram},
                   {"ngram", info.marks.ngram},
                   {"order", info.marks.order}};
  const auto add_mark = [&](const char* key, double loss) {
    if (std::isfinite(loss)) {
      json["marks"][key] = loss;
    }
  };
  add_mark("linear_prediction", info.marks.linear_prediction);
  add_mark("gain", info.marks.gain);
  add_mark("filter", info.marks.filter);
  add_mark("curve", info.marks.curve);
  return json.dump(1, ' ', false, Ordered::error_handler_t::replace) + '\n';
}

}  // namespace wavenet
