// wavenet eval: mean loss of data or of a part of it, with marks beside it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/arguments.h"
#include "cli/baselines.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/say.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/log/loss_text.h"
#include "wavenet/run/judgement.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLinesNamed = 20;

std::vector<std::string> warnings_of(const run::JudgedData& data, const EvalArguments& arguments) {
  const std::string name = data.judged().source().name();
  std::vector<std::string> warnings;
  if (!data.is_own() && arguments.data.empty()) {
    warnings.push_back(name + " has changed since the model was trained on it");
  } else if (!data.is_own() && !arguments.split.empty() && arguments.split != data::kWhole) {
    warnings.push_back(name +
                       " is not the data that the model was trained on, so its parts "
                       "are others; --split all judges all of it");
  }
  if (!data.train()) {
    warnings.push_back(
        fmt::format("no leak and no marks: the data that the model was trained on is not here: {}",
                    data.why_not()));
  }
  return warnings;
}

void print(const run::Judgement& judgement, const run::State& of) {
  const std::string unit = of.saved.codec->unit();
  const std::string measure = of.model->output().unit();
  if (measure == "nats") {
    fmt::print("{:5}  {:.4f} nats  {:.4f} bits per {}  {} {}s\n", judgement.part, judgement.loss,
               judgement.loss / std::numbers::ln2, unit, judgement.tokens, unit);
  } else {
    fmt::print("{:5}  {} {}  {} {}s\n", judgement.part, measure, loss_text(judgement.loss),
               judgement.tokens, unit);
  }
  if (judgement.marks) {
    cli::print(*judgement.marks, judgement.part, judgement.is_own);
  }
  if (judgement.leak) {
    cli::print(*judgement.leak, judgement.part);
  }
}

Json json_of(const run::Judgement& judgement) {
  Json record{{"split", judgement.part},
              {"loss", judgement.loss},
              {"tokens", judgement.tokens},
              {"own_data", judgement.is_own}};
  if (judgement.marks) {
    add_to(record, *judgement.marks);
  }
  if (judgement.leak) {
    add_to(record, *judgement.leak);
  }
  return record;
}

void print_judgement_json(const run::Judgement& judgement, const run::JudgedData& data,
                          const std::vector<std::string>& warnings) {
  Json record = json_of(judgement);
  record["left_out"] = Json::array();
  for (const data::UnknownLine& line : data.judged().left_out()) {
    record["left_out"].push_back(
        {{"line", line.number}, {"text", line.text}, {"unknown", encode_utf8(line.characters)}});
  }
  record["warnings"] = warnings;
  fmt::print("{}", json_line(record));
}

// Line by line, and at last, as an Error, all characters together.
void tell_left_out(const data::Reading& judged) {
  const std::vector<data::UnknownLine>& lines = judged.left_out();
  const std::string& name = judged.source().name();
  for (std::size_t i = 0; i < std::min(lines.size(), kLinesNamed); ++i) {
    say::error(fmt::format("{}: line {} '{}' is left out: no token for {}", name, lines[i].number,
                           lines[i].text, data::listing(lines[i].characters)));
  }
  if (!lines.empty()) {
    fail("{}: {} line{} left out, as the model has no token for {}; the known characters are {}",
         name, lines.size(), lines.size() == 1 ? " was" : "s were",
         data::listing(data::unknown_characters(lines), data::kEveryOne),
         data::listing(judged.vocabulary().characters()));
  }
}

std::vector<std::string> parts_of(const EvalArguments& arguments, bool is_own) {
  return arguments.split.empty() ? run::telling_parts(is_own)
                                 : std::vector<std::string>{arguments.split};
}

int eval_sound(run::State& opened, const EvalArguments& arguments) {
  const auto data = open_data_of(opened.saved, arguments.data);
  for (const std::string& note : data->notes()) {
    say::note(note);
  }
  const bool is_own = data->fingerprint() == opened.saved.data_fingerprint;
  for (const std::string& part : parts_of(arguments, is_own)) {
    const run::Judgement judgement =
        run::judge(opened, *data, part, threads_or_all(arguments.threads));
    if (arguments.json) {
      fmt::print("{}", json_line(json_of(judgement)));
    } else {
      print(judgement, opened);
    }
  }
  return 0;
}

}  // namespace

int eval(const EvalArguments& arguments) {
  run::State opened = run::open(arguments.model);
  if (opened.saved.codec->sample_rate() || data::sample_codec_of(*opened.saved.codec) != nullptr) {
    return eval_sound(opened, arguments);
  }
  const run::JudgedData data(opened.saved, open_source_of(opened.saved, arguments.data));
  const std::vector<std::string> warnings = warnings_of(data, arguments);
  for (const std::string& warning : warnings) {
    say::warning(warning);
  }
  for (const std::string& part : parts_of(arguments, data.is_own())) {
    const run::Judgement judgement =
        run::judge(opened, data, part, threads_or_all(arguments.threads));
    if (arguments.json) {
      print_judgement_json(judgement, data, warnings);
    } else {
      print(judgement, opened);
    }
  }
  tell_left_out(data.judged());
  return 0;
}

}  // namespace cli
