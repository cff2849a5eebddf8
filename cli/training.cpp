#include "cli/training.h"

#include <array>
#include <chrono>
#include <cmath>

#include "cli/judge.h"
#include "cli/run_card.h"
#include "cli/say.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/nearest.h"
#include "wavenet/data/batches.h"
#include "wavenet/report/series.h"

namespace cli {

using namespace wavenet;

namespace {

using Clock = std::chrono::steady_clock;
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

bool keeps_state_apart(const Config& recipe) {
  return keeps_best(recipe) || recipe.number_or("train.ema", 0, 0, 1) > 0;
}

Training::Training(Run& run, const data::Corpus& corpus, const Marks& marks, const Stop& stop,
                   TrainingOptions options)
    : run_(run),
      corpus_(corpus),
      marks_(marks),
      stop_(stop),
      options_(std::move(options)),
      first_(run.state.step),
      steps_(run.state.recipe.integer("train.steps", 1, kMaxSteps)),
      eval_every_(run.state.recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps)),
      keep_best_(keeps_best(run.state.recipe)),
      patience_(run.state.recipe.integer_or("train.patience", 0, 0, kMaxSteps)),
      batches_(batches_for(run, corpus)),
      trainer_(*run.model, *batches_, run.state.recipe,
               {.seed = run.state.seed,
                .threads = options_.threads.most,
                .choose_threads = options_.threads.choose,
                .steps_done = run.state.step}),
      files_(keeps_state_apart(run.state.recipe)) {
  train::Window& window = run_.state.window;
  window.length = options_.log_every.value_or(window.length);
  // Else what the report draws as one point of its bold curve.
  log_every_ = window.length > 0 ? window.length : report::stretch_for(steps_);
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
    loss = judged(*run_.model, corpus_, "val", options_.threads.most, stop_);
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

void Training::evaluate(Observer& observer, Progress& progress) {
  progress.validation(evaluate_and_save(observer));
  observer.judge(run_.state.step == steps_ || patience_ended());
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

// From now on the folder is this run's.
void Training::begin_in_folder() {
  if (first_ == 0) {
    files_.begin();
  }
  log_.emplace(files_.folder(), first_);
  write_run_card(files_.folder(), options_.command, run_, corpus_, marks_);
}

Training::Outcome Training::run(const std::filesystem::path& folder, const FolderLock& lock) {
  files_.open(folder, &lock);
  if (first_ == 0) {
    files_.remember(run_, &trainer_);
  } else {
    files_.recall_model();
    begin_in_folder();
  }
  Observer observer(run_, corpus_, marks_, stop_, log_,
                    {.folder = files_.folder(),
                     .steps = steps_,
                     .keeps_best = keep_best_,
                     .reported = options_.reported});
  try {
    return run_steps(observer);
  } catch (const UsageError&) {
    throw;
  } catch (const train::Diverged& error) {  // what was saved is all there is to keep
    observer.judge_diverged();
    throw failed(error, {}, observer);
  } catch (const std::exception& error) {
    throw failed(error, rescued(), observer);
  }
}

Training::Outcome Training::run_steps(Observer& observer) {
  Progress progress(first_, steps_, options_.quiet);
  try {
    if (evaluation_is_due() && run_.state.evaluated < run_.state.step) {  // stopped before it
      evaluate(observer, progress);
    }
    while (run_.state.step < steps_ && !patience_ended()) {
      stop_.check();
      step(observer, progress);
    }
    return Outcome::ended;
  } catch (const Stopped&) {
    if (log_) {
      files_.save_state(run_, trainer_);
    }
    return Outcome::stopped;
  }
}

void Training::step(Observer& observer, Progress& progress) {
  const auto from = Clock::now();
  const double rate = trainer_.rate();
  std::optional<train::Watch> watch = observer.watch();
  const double loss = trainer_.step(watch ? &*watch : nullptr);
  if (!log_) {
    stop_.check();  // asked before a step was done, so that the folder stays as it is
  }
  train::Window& window = run_.state.window;
  window.loss += loss;
  const double mean = window.loss / static_cast<double>(++window.steps);
  const std::int64_t done = run_.state.step = trainer_.steps_done();
  seconds_ += std::chrono::duration<double>(Clock::now() - from).count();
  // From here on the state is that of `done` steps, whatever cannot be written.
  if (!log_) {
    begin_in_folder();
  }
  if (watch) {
    observer.watched(*watch);
  }
  progress.show(done, mean, rate);
  if (done % log_every_ == 0 || done == steps_) {
    window = {.length = window.length};
    observer.window(done, mean, rate);
    progress.window(mean);
  }
  if (evaluation_is_due()) {
    evaluate(observer, progress);
  }
}

// The folder of a run that took a step and could not save it; empty where that failed too.
std::filesystem::path Training::rescued() {
  if (run_.state.step == first_) {
    return {};
  }
  std::filesystem::path place = files_.rescue(run_, trainer_);
  try {
    if (!place.empty()) {
      write_run_card(place, options_.command, run_, corpus_, marks_);
    }
  } catch (const std::exception&) {  // the state is what matters
  }
  return place;
}

Failed Training::failed(const std::exception& error, const std::filesystem::path& rescued,
                        const Observer& observer) const {
  std::string what = say::message_of(error);
  std::filesystem::path folder = rescued;
  if (!rescued.empty()) {
    what +=
        fmt::format("; the run is saved in {}, up to step {}", rescued.string(), run_.state.step);
  } else if (log_) {
    folder = files_.folder();
  } else if (run_.state.step == first_) {
    what += "; nothing was written";
  }
  return Failed(what, {.steps = run_.state.step - first_,
                       .model = folder.empty() ? folder : folder / train::kModelFile,
                       .verdicts = observer.verdicts()});
}

}  // namespace cli
