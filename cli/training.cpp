#include "cli/training.h"

#include <array>
#include <chrono>
#include <cmath>

#include "cli/judge.h"
#include "cli/progress.h"
#include "cli/run_card.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/nearest.h"
#include "wavenet/data/batches.h"
#include "wavenet/report/series.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::int64_t kMaxBatch = std::int64_t{1} << 20;

bool keeps_best(const Config& recipe) {
  const std::string keep = recipe.text_or("train.keep", "last");
  const std::array<std::string, 2> known{"last", "best"};
  if (keep != known[0] && keep != known[1]) {
    fail_usage("recipe: train.keep must be 'last' or 'best', got '{}'{}", keep,
               nearest_hint(keep, known));
  }
  return keep == known[1];
}

}  // namespace

std::unique_ptr<data::BatchSource> batches_for(Run& run, const data::Corpus& corpus) {
  const Config& recipe = run.state.recipe;
  const std::int64_t batch = recipe.integer("train.batch_size", 1, kMaxBatch);
  const std::int64_t field = run.model->receptive_field();
  if (run.model->kind() == "Convolution") {
    fail_usage(
        "recipe: a convolution is made from a trained tree by `wavenet convert`; train a "
        "tree or a wavenet");
  }
  if (run.model->reads() == models::Reads::windows) {
    return std::make_unique<data::RandomWindows>(data::make_windows(corpus.train, field), batch,
                                                 run.state.rng);
  }
  const std::int64_t shards = recipe.integer_or("train.shards", 1, 1, 1024);
  if (corpus.words) {
    return std::make_unique<data::WholeSequences>(
        corpus.train, data::SequenceBatches{.batch = batch, .shards = shards}, run.state.seed);
  }
  return std::make_unique<data::TextPieces>(
      corpus.train[0],
      data::TextBatches{.batch = batch,
                        .length = recipe.integer("data.piece", 1, kMaxBatch),
                        .receptive_field = field,
                        .shards = shards},
      run.state.seed);
}

Training::Training(Run& run, const data::Corpus& corpus, const Marks& marks, Threads threads)
    : run_(run),
      corpus_(corpus),
      threads_(threads),
      steps_(run.state.recipe.integer("train.steps", 1, kMaxSteps)),
      eval_every_(run.state.recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps)),
      keep_best_(keeps_best(run.state.recipe)),
      patience_(run.state.recipe.integer_or("train.patience", 0, 0, kMaxSteps)),
      batches_(batches_for(run, corpus)),
      trainer_(*run.model, *batches_, run.state.recipe,
               {.seed = run.state.seed,
                .threads = threads.most,
                .choose_threads = threads.choose,
                .steps_done = run.state.step}),
      files_(keep_best_ || trainer_.average() != nullptr),
      marks_(marks) {
  if (run.state.step > 0) {
    load_trainer_state();
  }
}

void Training::load_trainer_state() {
  for (const auto& [name, tensor] : trainer_.state()) {
    const auto saved = run_.state.tensors.find(name);
    check(saved != run_.state.tensors.end() && saved->second.shape() == tensor.shape() &&
              saved->second.dtype() == tensor.dtype(),
          "the run cannot be resumed: its tensor {} is missing or of another shape", name);
    backend().copy(saved->second, tensor);
  }
}

double Training::evaluate_and_save(Observer& observer) {
  double loss = 0;
  const auto judge = [&] {
    run_.model->eval();
    loss = loss_of(*run_.model, corpus_.val, threads_.most);
    // Before the files: a run killed in between is resumed from older ones, and judges again.
    observer.evaluation(loss);
    if (!std::isfinite(loss)) {
      throw train::Diverged(
          fmt::format("training diverged: the loss on val after step {} is not finite, at a "
                      "learning rate of {:g}; try a lower train.learning_rate",
                      run_.state.step, trainer_.rate()));
    }
    run_.state.evaluated = run_.state.step;
    const bool wanted = !keep_best_ || loss < run_.state.best.loss;
    note(loss);
    if (wanted) {
      files_.save_model(run_);
    }
  };
  if (trainer_.average() != nullptr) {
    const optim::UseAverage use(*trainer_.average());
    judge();
  } else {
    judge();
  }
  files_.save_state(run_, trainer_);
  return loss;
}

void Training::note(double loss) {
  train::Best& best = run_.state.best;
  if (!keep_best_ && patience_ == 0) {
    return;
  }
  ++best.worse_since;
  if (loss < best.loss) {
    best = {loss, run_.state.step, 0};
  }
}

bool Training::evaluation_is_due() const {
  const std::int64_t done = run_.state.step;
  return done > 0 && (done % eval_every_ == 0 || done == steps_);
}

bool Training::patience_ended() const {
  return patience_ > 0 && run_.state.best.worse_since >= patience_;
}

Training::Outcome Training::run(const std::filesystem::path& folder, const FolderLock& lock,
                                train::RunLog& log, const Interrupt& interrupt,
                                const TrainingOptions& options) {
  files_.open(folder, &lock);
  if (run_.state.step > 0) {
    files_.recall_model();
  }
  Observer observer(run_, corpus_, marks_, log,
                    {.folder = files_.folder(),
                     .steps = steps_,
                     .keeps_best = keep_best_,
                     .reported = options.reported});
  try {
    return run_steps(observer, interrupt, options);
  } catch (const train::Diverged&) {  // what was saved is all there is to keep
    observer.judge_diverged();
    throw;
  } catch (const std::exception& error) {
    const std::filesystem::path place = files_.rescue(run_, trainer_);
    if (place.empty()) {
      throw;
    }
    try {
      write_run_card(place, options.command, run_, corpus_, marks_);
    } catch (const std::exception&) {  // the state is what matters
    }
    fail("{}; the run is saved in {}, up to step {}", error.what(), place.string(),
         run_.state.step);
  }
}

Training::Outcome Training::run_steps(Observer& observer, const Interrupt& interrupt,
                                      const TrainingOptions& options) {
  using Clock = std::chrono::steady_clock;
  train::Window& window = run_.state.window;
  window.length = options.log_every.value_or(window.length);
  // Else what the report draws as one point of its bold curve.
  const std::int64_t log_every = window.length > 0 ? window.length : report::stretch_for(steps_);
  Progress progress(run_.state.step, steps_, options.quiet);
  Outcome outcome;
  if (run_.state.step == 0) {
    files_.save_model(run_);
    files_.save_state(run_, trainer_);
  }
  if (evaluation_is_due() && run_.state.evaluated < run_.state.step) {  // and could not be saved
    evaluate_and_save(observer);
    observer.judge(run_.state.step == steps_);
  }
  while (run_.state.step < steps_ && !patience_ended()) {
    const auto from = Clock::now();
    const double rate = trainer_.rate();
    std::optional<train::Watch> watch = observer.watch();
    window.loss += trainer_.step(watch ? &*watch : nullptr);
    const double mean = window.loss / static_cast<double>(++window.steps);
    const std::int64_t done = run_.state.step = trainer_.steps_done();
    outcome.seconds += std::chrono::duration<double>(Clock::now() - from).count();
    // From here on the state is that of `done` steps, whatever cannot be written.
    if (watch) {
      observer.watched(*watch);
    }
    progress.show(done, mean, rate);
    if (done % log_every == 0 || done == steps_) {
      window = {.length = window.length};
      observer.window(done - 1, mean, rate);
      progress.window(mean);
    }
    if (evaluation_is_due()) {
      progress.validation(evaluate_and_save(observer));
      observer.judge(run_.state.step == steps_ || patience_ended());
    } else if (interrupt.asked()) {
      files_.save_state(run_, trainer_);
    }
    if (interrupt.asked() && done < steps_) {
      outcome.interrupted = true;
      break;
    }
  }
  return outcome;
}

}  // namespace cli
