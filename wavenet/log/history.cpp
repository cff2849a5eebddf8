#include "wavenet/report/records.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/folder_lock.h"
#include "wavenet/report/fields.h"

namespace wavenet::report {
namespace {

namespace fs = std::filesystem;

Histogram histogram_of(const Fields& fields) {
  return {.low = fields.number("low"),
          .high = fields.number("high"),
          .counts = fields.integers("counts"),
          .mean = fields.number("mean"),
          .std = fields.number("std")};
}

LayerRecord layer_of(const Fields& fields) {
  LayerRecord layer{.step = fields.integer("step"),
                    .name = fields.name("layer"),
                    .kind = fields.name("kind"),
                    .activation = histogram_of(fields.object("activation")),
                    .gradient = {},
                    .saturated = fields.number_if("saturated"),
                    .dead = fields.number_if("dead")};
  if (fields.has("gradient")) {
    layer.gradient = histogram_of(fields.object("gradient"));
  }
  return layer;
}

Spread spread_of(const Fields& fields, const char* key) {
  const std::vector<double> values = fields.numbers(key);
  check_intact(values.size() == 3, "{}: {} must hold lowest, median and highest, got {} numbers",
               fields.place(), quoted(key), values.size());
  return {values[0], values[1], values[2]};
}

SampleRecord samples_of(const Fields& fields) {
  SampleRecord record{.step = fields.integer("step"), .samples = {}};
  for (const Fields& sample : fields.objects("samples")) {
    record.samples.push_back({sample.text("text"), sample.boolean_if("known")});
  }
  return record;
}

void add_record(const Fields& fields, Records& records) {
  if (fields.has("layer")) {
    records.layers.push_back(layer_of(fields));
  } else if (fields.has("parameter")) {
    records.parameters.push_back({.step = fields.integer("step"),
                                  .name = fields.name("parameter"),
                                  .std = fields.number("std"),
                                  .gradient_std = fields.number("gradient_std"),
                                  .update_ratio = fields.number("update_ratio")});
  } else if (fields.has("norm")) {
    records.norms.push_back({.step = fields.integer("step"),
                             .name = fields.name("norm"),
                             .mean = spread_of(fields, "mean"),
                             .variance = spread_of(fields, "variance")});
  } else if (fields.has("samples")) {
    records.samples.push_back(samples_of(fields));
  } else if (fields.has("verdict")) {
    records.verdicts.push_back({.step = fields.integer("step"),
                                .name = fields.text("verdict"),
                                .because = fields.text("because"),
                                .advice = fields.text("try")});
  } else if (fields.has("split")) {
    records.evaluations.push_back({.step = fields.integer("step"),
                                   .split = fields.name("split"),
                                   .loss = fields.number("loss")});
  } else if (fields.has("loss")) {
    records.windows.push_back({.step = fields.integer("step"),
                               .loss = fields.number("loss"),
                               .rate = fields.number("lr")});
  }
}

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
    facts.push_back({name, fields.shown(name)});
  }
  return facts;
}

Marks marks_of(const Fields& fields) {
  return {.uniform = fields.number_if("uniform"),
          .unigram = fields.number_if("unigram"),
          .ngram = fields.number_if("ngram"),
          .order = fields.integer_or("order", 0)};
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

// Reads `word` and the number after it off the front of `line`.
template <class Number>
bool take(std::string_view& line, std::string_view word, Number& number) {
  if (!line.starts_with(word)) {
    return false;
  }
  line.remove_prefix(word.size());
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), number);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return problem == std::errc();
}

// Nearly all lines of a run that logs each step are windows as the trainer spells them, and need no
// parser. Whatever is spelt otherwise, or is out of range, is left to it.
bool is_window(std::string_view line, WindowRecord& window) {
  constexpr double kLargest = 1e30;
  return take(line, "{\"step\":", window.step) && take(line, ",\"loss\":", window.loss) &&
         take(line, ",\"lr\":", window.rate) && line == "}" && window.step >= 0 &&
         window.step <= kMaxCount && std::abs(window.loss) < kLargest &&
         std::abs(window.rate) < kLargest;
}

std::string name_of(const fs::path& folder) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(folder, ignored);
  return whole.filename().empty() ? folder.string() : whole.filename().string();
}

}  // namespace

std::int64_t Records::steps_done() const {
  std::int64_t steps = windows.empty() ? 0 : windows.back().step + 1;
  if (!evaluations.empty()) {
    steps = std::max(steps, evaluations.back().step);
  }
  return steps;
}

bool Records::finished() const {
  const std::int64_t done = steps_done();
  const bool told = std::any_of(evaluations.begin(), evaluations.end(), [&](const Evaluation& e) {
    return e.split == "train" && e.step >= done;
  });
  return told || done >= info.steps;
}

void parse_metrics(std::string_view text, const std::string& file, Records& records) {
  std::int64_t number = 0;
  std::size_t start = 0;
  // What stands after the last line's end was cut short.
  for (std::size_t end; (end = text.find('\n', start)) != text.npos; start = end + 1) {
    ++number;
    const std::string_view line = text.substr(start, end - start);
    if (WindowRecord window; is_window(line, window)) {
      records.windows.push_back(window);
      continue;
    }
    const std::string place = fmt::format("{}: line {}", file, number);
    check_intact(line.size() <= kMaxLineBytes, "{}: {} bytes, a record has at most {}", place,
                 line.size(), kMaxLineBytes);
    const Json record = parse_json(line, place);
    add_record(Fields(record, place), records);
  }
}

RunInfo parse_run(std::string_view text, const std::string& file) {
  const Json all = parse_json(text, file);
  const Fields fields(all, file);
  RunInfo info{.version = fields.text_or("version", ""),
               .command = fields.text_or("command", ""),
               .recipe = {},
               .seed = fields.count_if("seed"),
               .split_seed = fields.count_if("split_seed"),
               .parameters = fields.count_if("parameters"),
               .receptive_field = fields.integer_or("receptive_field", 0),
               .vocabulary = fields.integer_or("vocabulary", 0),
               .layers = {},
               .dilations = {},
               .width = fields.integer_or("width", 0),
               .data = {},
               .marks = {}};
  if (fields.has("recipe")) {
    const Fields recipe = fields.object("recipe");
    info.recipe = indented_part(text, "recipe", file);
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

bool is_run(std::string_view beginning) {
  return beginning.starts_with('{') && beginning.find("\"command\":") != beginning.npos &&
         beginning.find("\"recipe\":") != beginning.npos;
}

Records read_records(const fs::path& folder) {
  Records records;
  records.name = name_of(folder);
  records.running = FolderLock::is_held(folder);
  const fs::path metrics = folder / "metrics.jsonl";
  parse_metrics(read_file(metrics, kMaxMetricsBytes), metrics.string(), records);
  const fs::path details = folder / "details.jsonl";
  if (fs::exists(status_of(details))) {
    parse_metrics(read_file(details, kMaxMetricsBytes), details.string(), records);
  }
  const fs::path run = folder / "run.json";
  if (fs::exists(status_of(run))) {
    records.info = parse_run(read_file(run, kMaxRunBytes), run.string());
  }
  return records;
}

}  // namespace wavenet::report
