#include "cli/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/json_line.h"
#include "cli/say.h"
#include "wavenet/generate/generate.h"
#include "wavenet/report/records.h"

namespace cli {

using namespace wavenet;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSamples = 20;
constexpr std::int64_t kLongestWord = 1000;  // characters
constexpr std::int64_t kTextLength = 200;

// Not when a run was killed just before, yes when one is resumed that had ended.
bool has_logged_train(const report::Records& records, std::int64_t step) {
  return std::any_of(records.evaluations.begin(), records.evaluations.end(),
                     [&](const Evaluation& evaluation) {
                       return evaluation.split == "train" && evaluation.step == step;
                     });
}

void print_samples(const OpenModel& opened, bool words) {
  Rng rng = opened.saved.rng;
  const data::Vocabulary& vocabulary = opened.saved.vocabulary;
  for (int i = 0; i < (words ? kSamples : 1); ++i) {
    const generate::SampleOptions options{.max_length = words ? kLongestWord : kTextLength};
    fmt::print("{}\n", vocabulary.decode(generate::word(*opened.model, options, rng).tokens));
  }
}

}  // namespace

Results results_of(const Start& start, const Marks& marks, train::RunLog& log, int threads) {
  report::Records records;
  try {
    records = report::read_records(start.folder);
  } catch (const Error& error) {  // somebody took the log away; the model is there
    say::warning(error.what());
  }
  OpenModel opened = open_model(start.folder.string());
  models::Model& model = *opened.model;
  const std::int64_t step = opened.saved.step;
  const double train = loss_of(model, start.corpus.train, threads);
  const double val = loss_of(model, start.corpus.val, threads);
  if (!has_logged_train(records, step)) {
    log.write(Evaluation{step, "train", train});
    if (model.kind() == "Ngram") {  // training has logged its last val already
      log.write(Evaluation{step, "val", val});
    }
  }
  const std::optional<Leak> leak = leak_of(model, start.corpus, "val", threads);
  return {std::move(opened),
          (start.folder / train::kModelFile).string(),
          train,
          val,
          marks,
          leak,
          records.verdicts,
          start.corpus.words.has_value()};
}

void print(const Results& results, const Effort& effort) {
  fmt::print("train {:.4f}  val {:.4f}  (nats per character; {} steps in {:.1f} s)\n",
             results.train, results.val, effort.steps, effort.seconds);
  print(results.marks, "val");
  if (results.leak) {
    print(*results.leak, "val");
  }
  fmt::print("\n");
  print_samples(results.opened, results.words);
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
  record["verdicts"] = Json::array();
  for (const Verdict& verdict : results.verdicts) {
    record["verdicts"].push_back(Json::parse(train::line_of(verdict)));
  }
  fmt::print("{}", json_line(record));
}

}  // namespace cli
