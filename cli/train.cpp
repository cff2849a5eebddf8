// wavenet train: from data to a model, its losses beside marks, and twenty samples.
#include "cli/arguments.h"
#include "cli/examine.h"
#include "cli/follower.h"
#include "cli/interrupt.h"
#include "cli/open.h"
#include "cli/results.h"
#include "cli/say.h"
#include "cli/start.h"
#include "wavenet/backend/cpu/bf16.h"
#include "wavenet/base/shell.h"
#include "wavenet/optim/schedule.h"
#include "wavenet/report/report.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

void say_what_is_trained(run::Run& run) {
  say::note(fmt::format("{}: {}; {} parameters; {}", run.data().source(), run.data().summary(),
                        run.model().parameter_count(), run.folder().string()));
  for (const std::string& note : run.data().notes()) {
    say::note(note);
  }
  if (const std::string minibatches = run.minibatches(); !minibatches.empty()) {
    say::note(minibatches);
  }
  warn_of_skipped_samples(run.model());
}

// A run that goes on was warned when it began.
void warn_of_data(run::Run& run, const TrainArguments& arguments) {
  const train::Checkpoint& saved = run.state().saved;
  if (!arguments.quiet && !arguments.resume &&
      warn_of_faults(arguments.data, saved.recipe, run.model(), saved.split_seed)) {
    say::note(fmt::format("`{}` says more, and what to do",
                          doctor_command(arguments, arguments.data, saved.split_seed)));
  }
}

// So too. A recipe's schedule belongs to its own number of steps, and stays as it is: the first
// steps of a run have the same bits however long it is.
void warn_of_schedule(const run::Run& run, const TrainArguments& arguments) {
  if (!arguments.resume) {
    for (const optim::Misfit& misfit :
         optim::Schedule(run.state().saved.recipe).misfits(run.steps())) {
      const std::string text = fmt::format("{}; try --set {}", misfit.what, misfit.instead);
      misfit.grave ? say::warning(text) : say::note(text);
    }
  }
}

// The numbers are the same everywhere; sooner there only where the processor has an instruction.
void tell_of_precision(const run::Run& run) {
  if (run.state().saved.recipe.text_or("train.precision", "f32") == "bf16" &&
      cpu::bf16_unit() == cpu::Bf16Unit::floats) {
    say::note("train.precision is bf16, which this processor multiplies no faster than f32");
  }
}

std::string resume_command(const run::Run& run) {
  return fmt::format("wavenet train --resume --out {}{}", shell_word(run.folder().string()),
                     run.state().saved.data_source == "-" ? " --data -" : "");
}

// The last page of the run; whatever keeps it from being written must not hide how the run ended.
bool write_report(const run::Run& run, const TrainArguments& arguments) {
  if (arguments.no_report) {
    return true;
  }
  try {
    report::write(run.folder(), /*running=*/false);
    return true;
  } catch (const Error& error) {
    say::error(error.what());
    return false;
  }
}

int finish(run::Run& run, const TrainArguments& arguments, const Effort& effort, const Stop& stop) {
  Follower follower({.quiet = arguments.quiet});
  const run::Conclusion end = run.conclude(follower, stop);
  const bool written = write_report(run, arguments);
  if (arguments.json) {
    print_json(run, end, effort);
  } else {
    print(run, end, effort, stop);
  }
  return written ? 0 : 1;
}

void keep(run::Run& run, Start& start, const TrainArguments& arguments) {
  take_folder(start, run.state().saved.recipe, arguments);
  run.keep_in(start.folder, *std::move(start.lock));
}

// A counting model needs no steps.
int count(run::Run& run, Start& start, const TrainArguments& arguments) {
  if (arguments.log_every) {
    fail_usage("--log-every: a model that counts takes no steps");
  }
  warn_of_data(run, arguments);
  keep(run, start, arguments);
  Follower follower({.quiet = arguments.quiet});
  run.train(follower);
  return finish(run, arguments, {.steps = 0, .seconds = 0}, {});
}

int stopped(const run::Run& run, const TrainArguments& arguments) {
  if (!run.has_begun()) {
    say::error("stopped before the first step was done; nothing was written");
    return kInterrupted;
  }
  write_report(run, arguments);
  say::error(fmt::format("stopped after step {}; `{}` goes on", run.state().saved.step,
                         resume_command(run)));
  return kInterrupted;
}

run::Outcome follow(run::Run& run, const TrainArguments& arguments, const Stop& stop) {
  Follower follower({.first = run.state().saved.step,
                     .steps = run.steps(),
                     .quiet = arguments.quiet,
                     .page_in = arguments.no_report ? fs::path() : run.folder()});
  return run.train(follower, stop);
}

int train_network(run::Run& run, Start& start, const TrainArguments& arguments) {
  const Interrupt interrupt;
  const std::int64_t first = run.state().saved.step;
  warn_of_data(run, arguments);  // may take a second, in which the folder stays as it is
  warn_of_schedule(run, arguments);
  tell_of_precision(run);
  keep(run, start, arguments);
  if (!arguments.quiet) {
    say_what_is_trained(run);
  }
  try {
    if (follow(run, arguments, interrupt.stop()) == run::Outcome::stopped) {
      return stopped(run, arguments);
    }
    const Effort effort{.steps = run.state().saved.step - first, .seconds = run.seconds()};
    return finish(run, arguments, effort, interrupt.stop());
  } catch (const Stopped&) {  // what is left is to judge and to show
    return stopped(run, arguments);
  } catch (const run::Failed& failed) {
    if (failed.kind() == ErrorKind::diverged && run.has_begun()) {
      write_report(run, arguments);
    }
    if (arguments.json) {
      print_json(failed);
    }
    throw;
  }
}

}  // namespace

int train(const TrainArguments& arguments) {
  Start start = begin(arguments);
  run::Run run(std::move(start.state), start.data,
               {.threads = {threads_or_all(arguments.threads), arguments.threads == 0},
                .log_every = arguments.log_every,
                .command = start.command,
                .looks = !arguments.no_report});
  run.marks();
  return run.model().takes_steps() ? train_network(run, start, arguments)
                                   : count(run, start, arguments);
}

}  // namespace cli
