#include "cli/training.h"

#include <array>
#include <chrono>

#include "cli/judge.h"
#include "cli/progress.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/nearest.h"
#include "wavenet/data/batches.h"

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

void save(const std::filesystem::path& path, Run& run, const train::Trainer* trainer) {
  run.state.tensors.clear();
  for (const auto& [name, tensor] : run.model->state()) {
    run.state.tensors[name] = tensor;
  }
  if (trainer != nullptr) {
    for (const auto& [name, tensor] : trainer->state()) {
      run.state.tensors[name] = tensor;
    }
  }
  train::write_checkpoint(path, run.state);
}

Training::Training(Run& run, const data::Corpus& corpus, std::filesystem::path folder,
                   Threads threads)
    : run_(run),
      corpus_(corpus),
      folder_(std::move(folder)),
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
      apart_(keep_best_ || trainer_.average() != nullptr) {
  check(run.state.step <= steps_, "{}: has {} steps already, more than the {} asked for",
        folder_.string(), run.state.step, steps_);
  if (run.state.step > 0) {
    load_trainer_state();
  }
}

void Training::load_trainer_state() {
  for (const auto& [name, tensor] : trainer_.state()) {
    const auto saved = run_.state.tensors.find(name);
    check(saved != run_.state.tensors.end() && saved->second.shape() == tensor.shape() &&
              saved->second.dtype() == tensor.dtype(),
          "{}: cannot be resumed, its tensor {} is missing or of another shape", folder_.string(),
          name);
    backend().copy(saved->second, tensor);
  }
}

double Training::evaluate_and_save(train::Metrics& metrics) {
  double loss = 0;
  const auto judge = [&] {
    run_.model->eval();
    loss = loss_of(*run_.model, corpus_.val, threads_.most);
    // Before the files: a run killed in between is resumed from older ones, and judges again.
    metrics.evaluation(run_.state.step, "val", loss);
    const bool wanted = !keep_best_ || loss < run_.state.best.loss;
    note(loss);
    if (apart_ && wanted) {
      save(folder_ / train::kModelFile, run_, nullptr);
    }
  };
  if (trainer_.average() != nullptr) {
    const optim::UseAverage use(*trainer_.average());
    judge();
  } else {
    judge();
  }
  save(folder_ / (apart_ ? train::kLastFile : train::kModelFile), run_, &trainer_);
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

double Training::run(std::int64_t log_every, bool quiet) {
  using Clock = std::chrono::steady_clock;
  const std::int64_t first = run_.state.step;
  train::Metrics metrics(folder_ / "metrics.jsonl", first);
  Progress progress(first, steps_, quiet);
  double seconds = 0;
  double window = 0;
  std::int64_t in_window = 0;
  while (run_.state.step < steps_) {
    const auto from = Clock::now();
    const double rate = trainer_.rate();
    window += trainer_.step();
    const std::int64_t done = run_.state.step = trainer_.steps_done();
    const double mean = window / static_cast<double>(++in_window);
    seconds += std::chrono::duration<double>(Clock::now() - from).count();
    progress.show(done, mean, rate);
    if (done % log_every == 0 || done == steps_) {
      metrics.step(done - 1, mean, rate);
      progress.window(mean);
      window = 0;
      in_window = 0;
    }
    if (done % eval_every_ == 0 || done == steps_) {
      progress.validation(evaluate_and_save(metrics));
      if (patience_ > 0 && run_.state.best.worse_since >= patience_) {
        break;
      }
    }
  }
  return seconds;
}

}  // namespace cli
