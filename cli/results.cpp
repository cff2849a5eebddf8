#include "cli/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/json_line.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "wavenet/generate/generate.h"
#include "wavenet/log/history.h"
#include "wavenet/log/record_json.h"

namespace cli {

using namespace wavenet;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSamples = 20;
constexpr std::int64_t kWordLength = 100;  // or that of the longest word in train
constexpr std::int64_t kTextLength = 200;

// Not when a run was killed just before, yes when one is resumed that had ended.
bool has_logged_train(const History& records, std::int64_t step) {
  return std::any_of(records.evaluations.begin(), records.evaluations.end(),
                     [&](const Evaluation& evaluation) {
                       return evaluation.split == "train" && evaluation.step == step;
                     });
}

std::int64_t sample_length(const data::Corpus& corpus) {
  if (!corpus.words) {
    return kTextLength;
  }
  std::size_t longest = kWordLength;
  for (const std::u32string& word : corpus.words->train) {
    longest = std::max(longest, word.size());
  }
  return static_cast<std::int64_t>(longest);
}

Json json_of(const std::vector<Verdict>& verdicts) {
  Json all = Json::array();
  for (const Verdict& verdict : verdicts) {
    all.push_back(Json::parse(logs::line_of(verdict)));
  }
  return all;
}

void print_samples(const Results& results, const Stop& stop) {
  const OpenModel& opened = results.opened;
  Rng rng = opened.saved.rng;
  const generate::SampleOptions options{.max_length = results.sample_length};
  for (int i = 0; i < (results.words ? kSamples : 1); ++i) {
    const generate::Word word =
        generate::word(*opened.model, options, rng, [&](double) { stop.check(); });
    fmt::print("{}\n", opened.saved.vocabulary.decode(word.tokens));
  }
}

}  // namespace

Results results_of(const Start& start, const Marks& marks, run::RunLog& log, int threads,
                   const Stop& stop) {
  History records;
  try {
    records = read_history(start.folder);
  } catch (const Error& error) {  // somebody took the log away; the model is there
    say::warning(error.what());
  }
  OpenModel opened = open_model(start.folder.string());
  models::Model& model = *opened.model;
  const std::int64_t step = opened.saved.step;
  const double train = judged(model, start.corpus, "train", threads, stop);
  const double val = judged(model, start.corpus, "val", threads, stop);
  if (!has_logged_train(records, step)) {
    log.write(Evaluation{step, "train", train});
    if (model.kind() == "Ngram") {  // training has logged its last val already
      log.write(Evaluation{step, "val", val});
    }
  }
  Phase phase("judging val by what stands in train", stop);
  const std::optional<Leak> leak = leak_of(model, start.corpus, "val", threads, std::ref(phase));
  return {std::move(opened),
          (start.folder / train::kModelFile).string(),
          train,
          val,
          marks,
          leak,
          records.verdicts,
          start.corpus.words.has_value(),
          sample_length(start.corpus)};
}

void print(const Results& results, const Effort& effort, const Stop& stop) {
  fmt::print("train {:.4f}  val {:.4f}  (nats per character; {} steps in {:.1f} s)\n",
             results.train, results.val, effort.steps, effort.seconds);
  print(results.marks, "val");
  if (results.leak) {
    print(*results.leak, "val");
  }
  fmt::print("\n");
  print_samples(results, stop);
  fmt::print("\nmodel: {}\n", results.path);
}

void print_json(const Results& results, const Effort& effort) {
  Json record{{"model", results.path},
              {"steps", effort.steps},
              {"seconds", effort.seconds},
              {"train", results.train},
              {"val", results.val}};
  add_to(record, results.marks);
  if (results.leak) {
    add_to(record, *results.leak);
  }
  record["verdicts"] = json_of(results.verdicts);
  fmt::print("{}", json_line(record));
}

void print_json(const Failed& failed) {
  const Failed::Left& left = failed.left();
  Json record{{"error", failed.what()},
              {"model", left.model.empty() ? Json() : Json(left.model.string())},
              {"steps", left.steps},
              {"verdicts", json_of(left.verdicts)}};
  fmt::print("{}", json_line(record));
}

}  // namespace cli
