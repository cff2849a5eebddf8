// wavenet train: from data to a model, its losses beside marks, and twenty samples.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "cli/judge.h"
#include "cli/open.h"
#include "cli/run_card.h"
#include "cli/say.h"
#include "cli/training.h"
#include "wavenet/base/files.h"
#include "wavenet/generate/generate.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/report/report.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr int kSamples = 20;
constexpr std::int64_t kSampleLength = 200;  // characters, of running text

// runs/<recipe>, or the first of runs/<recipe>-2, -3, ... that holds no model.
fs::path free_folder(const std::string& recipe) {
  const std::string base = "runs/" + fs::path(recipe).stem().string();
  fs::path folder = base;
  for (int n = 2; fs::exists(folder / train::kModelFile); ++n) {
    folder = fmt::format("{}-{}", base, n);
  }
  return folder;
}

fs::path run_folder(const TrainArguments& arguments) {
  if (arguments.out.empty()) {
    if (arguments.resume) {
      fail_usage("train: --resume needs --out, the run to continue");
    }
    return free_folder(arguments.recipe);
  }
  const fs::path model = fs::path(arguments.out) / train::kModelFile;
  check(arguments.resume || arguments.overwrite || !fs::exists(model),
        "{}: already there; continue it with --resume, replace it with --overwrite, or choose "
        "another --out",
        model.string());
  return arguments.out;
}

Config recipe_of(const TrainArguments& arguments) {
  Config recipe = models::load_recipe(arguments.recipe);
  for (const std::string& assignment : arguments.set) {
    recipe.set(assignment);
  }
  if (arguments.steps) {
    recipe.set(fmt::format("train.steps={}", *arguments.steps));
  }
  if (arguments.dedup) {
    recipe.set("data.dedup=true");
  }
  return recipe;
}

// The data; a file that is refused has a verb that says more.
data::Corpus corpus_of(const TrainArguments& arguments, const Config& recipe) {
  try {
    return data::open_corpus(recipe, arguments.data, arguments.split_seed);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    if (!fs::is_regular_file(arguments.data)) {
      throw;
    }
    fail("{}; see `wavenet doctor {}`", error.what(), arguments.data);
  }
}

// A run begun, or continued where its last file left it.
Run start(const TrainArguments& arguments, const fs::path& folder, Config recipe,
          const data::Corpus& corpus) {
  if (!arguments.resume) {
    Run run{{.recipe = std::move(recipe),
             .vocabulary = corpus.vocabulary,
             .seed = arguments.seed,
             .split_seed = arguments.split_seed,
             .data_source = arguments.data,
             .data_fingerprint = corpus.fingerprint,
             .rng = Rng(arguments.seed)},
            nullptr};
    run.model = models::build(run.state.recipe, run.state.vocabulary.size(), run.state.rng);
    return run;
  }
  const fs::path last = folder / train::kLastFile;
  OpenModel opened = open_model((fs::exists(last) ? last : folder).string());
  check(opened.model->kind() != "Ngram", "{}: a counting model has nothing to resume",
        folder.string());
  Config before = opened.saved.recipe;
  const std::int64_t steps = recipe.integer_or("train.steps", 0, 0, kMaxSteps);
  const std::int64_t begun = before.integer_or("train.steps", 0, 0, kMaxSteps);
  check(steps == begun || before.text_or("train.schedule", "") != "cosine",
        "{}: its cosine schedule ends at {} steps; --resume needs --steps {}", folder.string(),
        begun, begun);
  before.set(fmt::format("train.steps={}", steps));
  std::vector<std::string> changed = recipe.differences(before);
  const auto compare = [&](const char* name, std::uint64_t now, std::uint64_t then) {
    if (now != then) {
      changed.push_back(fmt::format("{} is {}, was {}", name, now, then));
    }
  };
  compare("--seed", arguments.seed, opened.saved.seed);
  compare("--split-seed", arguments.split_seed, opened.saved.split_seed);
  check(changed.empty(), "{}: --resume needs what the run was begun with: {}", folder.string(),
        fmt::join(changed, "; "));
  check(opened.saved.data_fingerprint == corpus.fingerprint,
        "{}: was begun with other data ({}) than {}", folder.string(),
        opened.saved.data_source.empty() ? "the embedded names" : opened.saved.data_source,
        corpus.source);
  before.share_reads(recipe);
  opened.saved.recipe = std::move(before);
  return {std::move(opened.saved), std::move(opened.model)};
}

void say_what_is_trained(const Run& run, const data::Corpus& corpus, const fs::path& folder) {
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
bool has_logged_train(const fs::path& folder, std::int64_t step) {
  const auto evaluations = wavenet::report::read_records(folder).evaluations;
  return std::any_of(evaluations.begin(), evaluations.end(), [&](const auto& evaluation) {
    return evaluation.split == "train" && evaluation.step == step;
  });
}

// What the run ends with: the model that its folder holds, not the last one trained.
void print_results(const TrainArguments& arguments, const fs::path& folder,
                   const data::Corpus& corpus, const Marks& marks, train::RunLog& log,
                   std::int64_t steps, double seconds, int threads) {
  OpenModel opened = open_model(folder.string());
  const double train_loss = loss_of(*opened.model, corpus.train, threads);
  const double val_loss = loss_of(*opened.model, corpus.val, threads);
  const bool counts = opened.model->kind() == "Ngram";
  if (!has_logged_train(folder, opened.saved.step)) {
    log.write(Evaluation{opened.saved.step, "train", train_loss});
    if (counts) {  // training has logged its last val already
      log.write(Evaluation{opened.saved.step, "val", val_loss});
    }
  }
  const std::optional<Leak> leak = leak_of(*opened.model, corpus, "val", threads);
  const std::string path = (folder / train::kModelFile).string();
  if (arguments.json) {
    nlohmann::ordered_json result{{"model", path},
                                  {"steps", steps},
                                  {"seconds", seconds},
                                  {"train", train_loss},
                                  {"val", val_loss}};
    add_to(result, marks, leak);
    fmt::print("{}\n", result.dump());
    return;
  }
  fmt::print("train {:.4f}  val {:.4f}  (nats per character; {} steps in {:.1f} s)\n", train_loss,
             val_loss, steps, seconds);
  print(marks, leak, "val");
  fmt::print("\n");
  Rng rng = opened.saved.rng;
  const data::Vocabulary& vocabulary = opened.saved.vocabulary;
  for (int i = 0; i < (corpus.words ? kSamples : 1); ++i) {
    const generate::SampleOptions options{.max_length = corpus.words ? 1000 : kSampleLength};
    fmt::print("{}\n", vocabulary.decode(generate::word(*opened.model, options, rng).tokens));
  }
  fmt::print("\nmodel: {}\n", path);
}

}  // namespace

int train(const TrainArguments& arguments) {
  const Interrupt interrupt;
  const Config recipe = recipe_of(arguments);
  const int threads = threads_or_all(arguments.threads);
  const data::Corpus corpus = corpus_of(arguments, recipe);
  const fs::path folder = run_folder(arguments);
  Run run = start(arguments, folder, recipe, corpus);
  const std::int64_t first = run.state.step;
  // Once the recipe is known to be sound.
  const auto open_folder = [&] {
    run.state.recipe.require_all_read();
    require_writable_directory(folder);
    if (!arguments.resume) {
      fs::remove(folder / train::kLastFile);  // of the run that this one replaces
    }
  };
  const Marks marks = marks_of(corpus, "val");
  std::optional<train::RunLog> log;
  Training::Outcome outcome;
  if (auto* ngram = dynamic_cast<models::Ngram*>(run.model.get())) {
    open_folder();
    ngram->fit(corpus.train);
    log.emplace(folder, 0);
    write_run_card(folder, arguments.command, run, corpus, marks);
    save(folder / train::kModelFile, run, nullptr);
  } else {
    Training training(run, corpus, marks, folder, {threads, arguments.threads == 0});
    open_folder();
    if (!arguments.quiet) {
      say_what_is_trained(run, corpus, folder);
    }
    log.emplace(folder, first);
    if (first == 0) {
      write_run_card(folder, arguments.command, run, corpus, marks);
    }
    outcome = training.run(*log, interrupt,
                           {.log_every = arguments.log_every,
                            .quiet = arguments.quiet,
                            .reported = !arguments.no_report});
  }
  if (outcome.interrupted) {
    fmt::print(stderr, "stopped after step {}; the same command with --out {} --resume goes on\n",
               run.state.step, folder.string());
    return kInterrupted;
  }
  print_results(arguments, folder, corpus, marks, *log, run.state.step - first, outcome.seconds,
                threads);
  if (!arguments.no_report) {
    wavenet::report::write(folder);  // with the losses just printed
  }
  return 0;
}

}  // namespace cli
