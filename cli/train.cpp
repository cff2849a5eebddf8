// wavenet train: from data to a model, its losses beside marks, and twenty samples.
#include "cli/arguments.h"
#include "cli/examine.h"
#include "cli/interrupt.h"
#include "cli/results.h"
#include "cli/run_card.h"
#include "cli/say.h"
#include "cli/training.h"
#include "wavenet/base/shell.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/optim/schedule.h"
#include "wavenet/report/report.h"

namespace cli {
namespace {

using namespace wavenet;

void say_what_is_trained(const Start& start) {
  const auto& words = start.corpus.words;
  const std::string size =
      words
          ? fmt::format("{} words, ", words->train.size() + words->val.size() + words->test.size())
          : "";
  say::note(fmt::format("{}: {}{} characters; {} + {} examples; {} parameters; {}",
                        start.corpus.source, size, start.corpus.vocabulary.size() - 1,
                        data::token_count(start.corpus.train), data::token_count(start.corpus.val),
                        start.run.model->parameter_count(), start.folder.string()));
  warn_of_skipped_samples(*start.run.model);
}

// A run that goes on was warned when it began.
void warn_of_data(const Start& start, const TrainArguments& arguments) {
  const train::Checkpoint& state = start.run.state;
  if (!arguments.quiet && !arguments.resume &&
      warn_of_faults(arguments.data, state.recipe, *start.run.model, state.split_seed)) {
    say::note(fmt::format("`{}` says more, and what to do",
                          doctor_command(arguments, arguments.data, state.split_seed)));
  }
}

// So too. A recipe's schedule belongs to its own number of steps, and stays as it is: the first
// steps of a run have the same bits however long it is.
void warn_of_schedule(const Start& start, const TrainArguments& arguments) {
  const Config& recipe = start.run.state.recipe;
  const std::int64_t steps = recipe.integer("train.steps", 1, kMaxSteps);
  if (!arguments.resume) {
    for (const optim::Misfit& misfit : optim::Schedule(recipe).misfits(steps)) {
      const std::string text = fmt::format("{}; try --set {}", misfit.what, misfit.instead);
      misfit.grave ? say::warning(text) : say::note(text);
    }
  }
}

std::string resume_command(const Start& start) {
  return fmt::format("wavenet train --resume --out {}{}", shell_word(start.folder.string()),
                     start.run.state.data_source == "-" ? " --data -" : "");
}

// The last page of the run; whatever keeps it from being written must not hide how the run ended.
bool write_report(const Start& start, const TrainArguments& arguments) {
  if (arguments.no_report) {
    return true;
  }
  try {
    wavenet::report::write(start.folder, /*running=*/false);
    return true;
  } catch (const Error& error) {
    say::error(error.what());
    return false;
  }
}

int finish(const Start& start, const TrainArguments& arguments, const Marks& marks,
           run::RunLog& log, const Effort& effort, const Stop& stop) {
  const Results results = results_of(start, marks, log, threads_or_all(arguments.threads), stop);
  const bool written = write_report(start, arguments);
  if (arguments.json) {
    print_json(results, effort);
  } else {
    print(results, effort, stop);
  }
  return written ? 0 : 1;
}

// A counting model needs no steps.
int count(Start& start, models::Ngram& model, const TrainArguments& arguments, const Marks& marks) {
  if (arguments.log_every) {
    fail_usage("--log-every: a model that counts takes no steps");
  }
  warn_of_data(start, arguments);
  take_folder(start, arguments);
  model.fit(start.corpus.train);
  RunFiles files(/*apart=*/false);
  files.open(start.folder, &*start.lock);
  files.remember(start.run, nullptr);
  files.begin();
  run::RunLog log(start.folder, 0);
  write_run_card(start.folder, start.command, start.run, start.corpus, marks);
  return finish(start, arguments, marks, log, {.steps = 0, .seconds = 0}, {});
}

int stopped(const Start& start, const TrainArguments& arguments, bool begun) {
  if (!begun) {
    say::error("stopped before the first step was done; nothing was written");
    return kInterrupted;
  }
  write_report(start, arguments);
  say::error(fmt::format("stopped after step {}; `{}` goes on", start.run.state.step,
                         resume_command(start)));
  return kInterrupted;
}

int train_network(Start& start, const TrainArguments& arguments, const Marks& marks) {
  const Interrupt interrupt;
  const std::int64_t first = start.run.state.step;
  Training training(start.run, start.corpus, marks, interrupt.stop(),
                    {.threads = {threads_or_all(arguments.threads), arguments.threads == 0},
                     .log_every = arguments.log_every,
                     .command = start.command,
                     .quiet = arguments.quiet,
                     .reported = !arguments.no_report});
  warn_of_data(start, arguments);  // may take a second, in which the folder stays as it is
  warn_of_schedule(start, arguments);
  take_folder(start, arguments);
  if (!arguments.quiet) {
    say_what_is_trained(start);
  }
  try {
    if (training.run(start.folder, *start.lock) == Training::Outcome::stopped) {
      return stopped(start, arguments, training.log().has_value());
    }
    const Effort effort{.steps = start.run.state.step - first, .seconds = training.seconds()};
    return finish(start, arguments, marks, *training.log(), effort, interrupt.stop());
  } catch (const Stopped&) {  // what is left is to judge and to show
    return stopped(start, arguments, true);
  } catch (const Failed& failed) {
    if (arguments.json) {
      print_json(failed);
    }
    throw;
  }
}

}  // namespace

int train(const TrainArguments& arguments) {
  Start start = begin(arguments);
  const Marks marks = marks_of(start.corpus, "val");
  auto* ngram = dynamic_cast<models::Ngram*>(start.run.model.get());
  return ngram != nullptr ? count(start, *ngram, arguments, marks)
                          : train_network(start, arguments, marks);
}

}  // namespace cli
