// wavenet train: from data to a model, its losses beside marks, and twenty samples.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/examine.h"
#include "cli/interrupt.h"
#include "cli/judge.h"
#include "cli/open.h"
#include "cli/run_card.h"
#include "cli/say.h"
#include "cli/shell.h"
#include "cli/start.h"
#include "cli/training.h"
#include "wavenet/generate/generate.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/report/records.h"
#include "wavenet/report/report.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr int kSamples = 20;
constexpr std::int64_t kSampleLength = 200;  // characters, of running text

void say_what_is_trained(const Start& start) {
  const auto& [run, corpus, folder, command, lock] = start;
  const std::string size = corpus.words ? fmt::format("{} words, ", corpus.words->train.size() +
                                                                        corpus.words->val.size() +
                                                                        corpus.words->test.size())
                                        : "";
  say::note(fmt::format("{}: {}{} characters; {} + {} examples; {} parameters; {}", corpus.source,
                        size, corpus.vocabulary.size() - 1, data::token_count(corpus.train),
                        data::token_count(corpus.val), run.model->parameter_count(),
                        folder.string()));
  warn_of_skipped_samples(*run.model);
}

// Not when a run was killed just before, yes when one is resumed that had ended.
bool has_logged_train(const report::Records& records, std::int64_t step) {
  return std::any_of(records.evaluations.begin(), records.evaluations.end(),
                     [&](const Evaluation& evaluation) {
                       return evaluation.split == "train" && evaluation.step == step;
                     });
}

// The model that the folder holds in the end, which is not always the last one trained.
struct Results {
  OpenModel opened;
  double train;
  double val;
  std::optional<Leak> leak;
  std::vector<Verdict> verdicts;
};

Results results_of(const Start& start, train::RunLog& log, int threads) {
  const report::Records records = report::read_records(start.folder);
  Results results{open_model(start.folder.string()), 0, 0, {}, records.verdicts};
  models::Model& model = *results.opened.model;
  const std::int64_t step = results.opened.saved.step;
  results.train = loss_of(model, start.corpus.train, threads);
  results.val = loss_of(model, start.corpus.val, threads);
  results.leak = leak_of(model, start.corpus, "val", threads);
  if (!has_logged_train(records, step)) {
    log.write(Evaluation{step, "train", results.train});
    if (model.kind() == "Ngram") {  // training has logged its last val already
      log.write(Evaluation{step, "val", results.val});
    }
  }
  return results;
}

void print_json(const Results& results, const Marks& marks, const std::string& path,
                std::int64_t steps, double seconds) {
  nlohmann::ordered_json record{{"model", path},
                                {"steps", steps},
                                {"seconds", seconds},
                                {"train", results.train},
                                {"val", results.val}};
  add_to(record, marks, results.leak);
  record["verdicts"] = nlohmann::ordered_json::array();
  for (const Verdict& verdict : results.verdicts) {
    record["verdicts"].push_back({{"step", verdict.step},
                                  {"verdict", verdict.name},
                                  {"because", verdict.because},
                                  {"try", verdict.advice}});
  }
  fmt::print("{}\n", record.dump());
}

void print_samples(const OpenModel& opened, bool words) {
  Rng rng = opened.saved.rng;
  const data::Vocabulary& vocabulary = opened.saved.vocabulary;
  for (int i = 0; i < (words ? kSamples : 1); ++i) {
    const generate::SampleOptions options{.max_length = words ? 1000 : kSampleLength};
    fmt::print("{}\n", vocabulary.decode(generate::word(*opened.model, options, rng).tokens));
  }
}

// A counting model needs no steps.
void count(Start& start, models::Ngram& model) {
  model.fit(start.corpus.train);
  save(start.folder / train::kModelFile, start.run, nullptr);
}

}  // namespace

int train(const TrainArguments& arguments) {
  const Interrupt interrupt;
  const int threads = threads_or_all(arguments.threads);
  Start start = begin(arguments);
  Run& run = start.run;
  const std::int64_t first = run.state.step;
  const Marks marks = marks_of(start.corpus, "val");
  std::optional<train::RunLog> log;
  const auto open = [&] {
    open_folder(start, arguments);
    log.emplace(start.folder, first);
    write_run_card(start.folder, start.command, run, start.corpus, marks);
    if (!arguments.quiet) {
      warn_of_faults(run.state.data_source, run.state.recipe, *run.model, run.state.split_seed);
    }
  };
  // The page says that the run has ended once nobody holds its folder any more.
  const auto close = [&] {
    start.lock.reset();
    if (!arguments.no_report) {
      wavenet::report::write(start.folder);
    }
  };
  Training::Outcome outcome;
  if (auto* ngram = dynamic_cast<models::Ngram*>(run.model.get())) {
    open();
    count(start, *ngram);
  } else {
    Training training(run, start.corpus, marks, start.folder, {threads, arguments.threads == 0});
    open();
    if (!arguments.quiet) {
      say_what_is_trained(start);
    }
    try {
      outcome = training.run(*log, interrupt,
                             {.log_every = arguments.log_every,
                              .quiet = arguments.quiet,
                              .reported = !arguments.no_report});
    } catch (const train::Diverged&) {
      close();
      throw;
    }
  }
  if (outcome.interrupted) {
    close();
    say::error(fmt::format("stopped after step {}; `wavenet train --resume --out {}` goes on",
                           run.state.step, shell_word(start.folder.string())));
    return kInterrupted;
  }
  const Results results = results_of(start, *log, threads);
  close();
  const std::string path = (start.folder / train::kModelFile).string();
  const std::int64_t steps = run.state.step - first;
  if (arguments.json) {
    print_json(results, marks, path, steps, outcome.seconds);
    return 0;
  }
  fmt::print("train {:.4f}  val {:.4f}  (nats per character; {} steps in {:.1f} s)\n",
             results.train, results.val, steps, outcome.seconds);
  print(marks, results.leak, "val");
  fmt::print("\n");
  print_samples(results.opened, start.corpus.words.has_value());
  fmt::print("\nmodel: {}\n", path);
  return 0;
}

}  // namespace cli
