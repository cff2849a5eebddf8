// wavenet eval: mean loss of data or of a part of it, with marks beside it.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/arguments.h"
#include "cli/baselines.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/say.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/data/text/reading.h"
#include "wavenet/run/judge.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLinesNamed = 20;

// What is judged, and the part of the model's own data that it was trained on.
struct Data {
  data::Reading judged;
  bool own;                         // what is judged is the data that the model was trained on
  std::optional<data::Part> train;  // where it is still there
  std::vector<std::string> warnings;
};

data::Part training_part(const train::Checkpoint& saved) {
  const std::string& path = saved.data_source;
  check(path != "-", "it came from standard input");
  check(path.empty() || std::filesystem::is_regular_file(path), "{}: no such file", path);
  data::Source source = data::read_source(saved.recipe, path);
  check(source.fingerprint() == saved.data_fingerprint, "{} has changed since", path);
  return data::Reading(std::move(source), data::vocabulary_of(*saved.codec))
      .part("train", saved.split_seed);
}

Data open_data(const EvalArguments& arguments, const train::Checkpoint& saved) {
  data::Reading judged(open_source_of(saved, arguments.data), data::vocabulary_of(*saved.codec));
  const std::string name = judged.source().name();
  const bool own = judged.source().fingerprint() == saved.data_fingerprint;
  Data data{std::move(judged), own, std::nullopt, {}};
  if (own) {
    data.train = data.judged.part("train", saved.split_seed);
    return data;
  }
  if (arguments.data.empty()) {
    data.warnings.push_back(name + " has changed since the model was trained on it");
  } else if (!arguments.split.empty() && arguments.split != data::kWhole) {
    data.warnings.push_back(name +
                            " is not the data that the model was trained on, so its parts "
                            "are others; --split all judges all of it");
  }
  try {
    data.train = training_part(saved);
  } catch (const Error& error) {
    data.warnings.push_back(
        fmt::format("no leak and no marks: the data that the model was trained on is not here: {}",
                    error.what()));
  }
  return data;
}

struct Judgement {
  std::string part;
  double loss;
  std::int64_t tokens;
  std::optional<Marks> marks;
  std::optional<run::Leak> leak;
};

Judgement judge(run::State& opened, const Data& data, const std::string& part, int threads) {
  const data::Part judged = data.judged.part(part, opened.saved.split_seed);
  Judgement judgement{part,
                      run::loss_of(*opened.model, judged.sequences, threads),
                      data::token_count(judged.sequences),
                      {},
                      {}};
  const bool has_train = data.own && (part == "train" || part == data::kWhole);
  if (data.train && !has_train) {  // the n-gram was fitted there, so it is no baseline
    judgement.marks = data::marks_of(judged.sequences, data.train->sequences,
                                     opened.saved.codec->size(), !judged.words.empty());
  }
  if (data.train && !judged.words.empty() && !(data.own && part == "train")) {
    judgement.leak =
        run::leak_of(*opened.model,
                     data::overlap_of(judged.words, judged.sequences, data.train->words), threads);
  }
  return judgement;
}

void print(const Judgement& judgement) {
  fmt::print("{:5}  {:.4f} nats  {:.4f} bits per character  {} characters\n", judgement.part,
             judgement.loss, judgement.loss / std::numbers::ln2, judgement.tokens);
  if (judgement.marks) {
    cli::print(*judgement.marks, judgement.part);
  }
  if (judgement.leak) {
    cli::print(*judgement.leak, judgement.part);
  }
}

void print_json(const Judgement& judgement, const Data& data) {
  Json record{{"split", judgement.part}, {"loss", judgement.loss}, {"tokens", judgement.tokens}};
  if (judgement.marks) {
    add_to(record, *judgement.marks);
  }
  if (judgement.leak) {
    add_to(record, *judgement.leak);
  }
  record["left_out"] = Json::array();
  for (const data::UnknownLine& line : data.judged.left_out()) {
    record["left_out"].push_back(
        {{"line", line.number}, {"text", line.text}, {"unknown", encode_utf8(line.characters)}});
  }
  record["warnings"] = data.warnings;
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

}  // namespace

int eval(const EvalArguments& arguments) {
  run::State opened = run::open(arguments.model);
  const Data data = open_data(arguments, opened.saved);
  for (const std::string& warning : data.warnings) {
    say::warning(warning);
  }
  std::vector<std::string> parts{arguments.split};
  if (arguments.split.empty()) {
    parts = data.own ? std::vector<std::string>{"train", "val"}
                     : std::vector<std::string>{std::string(data::kWhole)};
  }
  for (const std::string& part : parts) {
    const Judgement judgement = judge(opened, data, part, threads_or_all(arguments.threads));
    if (arguments.json) {
      print_json(judgement, data);
    } else {
      print(judgement);
    }
  }
  tell_left_out(data.judged);
  return 0;
}

}  // namespace cli
