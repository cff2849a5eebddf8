#include "cli/training.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "cli/judge.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/nearest.h"
#include "wavenet/data/batches.h"
#include "wavenet/generate/words.h"
#include "wavenet/report/report.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::int64_t kMaxBatch = std::int64_t{1} << 20;
constexpr std::int64_t kWatchedSteps = 50;  // of a run
constexpr std::int64_t kSampleWords = 20;
constexpr std::int64_t kSampleLength = 100;  // characters at most
constexpr std::int64_t kWatchAtMostEvery = 100;

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

Training::Training(Run& run, const data::Corpus& corpus, const Marks& marks,
                   std::filesystem::path folder, Threads threads)
    : run_(run),
      corpus_(corpus),
      threads_(threads),
      steps_(run.state.recipe.integer("train.steps", 1, kMaxSteps)),
      eval_every_(run.state.recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps)),
      watch_every_(std::max(kWatchAtMostEvery, steps_ / kWatchedSteps)),
      keep_best_(keeps_best(run.state.recipe)),
      patience_(run.state.recipe.integer_or("train.patience", 0, 0, kMaxSteps)),
      batches_(batches_for(run, corpus)),
      trainer_(*run.model, *batches_, run.state.recipe,
               {.seed = run.state.seed,
                .threads = threads.most,
                .choose_threads = threads.choose,
                .steps_done = run.state.step}),
      files_(std::move(folder), keep_best_ || trainer_.average() != nullptr),
      verdicts_({.uniform = marks.uniform,
                 .unigram = marks.unigram,
                 .ngram = marks.ngram,
                 .order = marks.order,
                 .learning_rate = run.state.recipe.number("train.learning_rate", 0, 1e9)}) {
  check(run.state.step <= steps_, "{}: has {} steps already, more than the {} asked for",
        files_.folder().string(), run.state.step, steps_);
  if (run.state.step > 0) {
    load_trainer_state();
  }
  if (corpus.words) {
    for (data::Sequence word : corpus.train) {
      word.pop_back();
      known_.insert(std::move(word));
    }
  }
}

void Training::load_trainer_state() {
  for (const auto& [name, tensor] : trainer_.state()) {
    const auto saved = run_.state.tensors.find(name);
    check(saved != run_.state.tensors.end() && saved->second.shape() == tensor.shape() &&
              saved->second.dtype() == tensor.dtype(),
          "{}: cannot be resumed, its tensor {} is missing or of another shape",
          files_.folder().string(), name);
    backend().copy(saved->second, tensor);
  }
}

void Training::watched(std::int64_t step, const train::Watch& watch, train::RunLog& log) {
  for (const train::LayerRecord& layer : watch.layers()) {
    log.layer(step, layer);
    if (layer.saturated) {
      verdicts_.layer(step, layer.layer, *layer.saturated, *layer.dead);
    }
  }
  for (const train::ParameterRecord& parameter : watch.parameters()) {
    log.parameter(step, parameter);
    verdicts_.parameter(step, parameter.parameter, parameter.update_ratio, parameter.gradient_std);
  }
  for (const train::NormRecord& norm : watch.norms()) {
    log.norm(step, norm);
  }
}

void Training::judge(train::RunLog& log) {
  for (const train::Verdict& verdict : verdicts_.judge()) {
    if (told_.insert(verdict.name).second) {
      log.verdict(run_.state.step, verdict);
      say::warning(fmt::format("{}: {}; try {}", verdict.name, verdict.because, verdict.advice));
    }
  }
}

void Training::recall() {
  const report::Records records = report::read_records(files_.folder());
  for (const report::Window& window : records.windows) {
    verdicts_.window(window.step, window.loss);
  }
  for (const report::Evaluation& evaluation : records.evaluations) {
    verdicts_.evaluation(evaluation.step, evaluation.split, evaluation.loss);
  }
  for (const report::LayerRecord& layer : records.layers) {
    if (layer.saturated && layer.dead) {
      verdicts_.layer(layer.step, layer.name, *layer.saturated, *layer.dead);
    }
  }
  for (const report::ParameterRecord& parameter : records.parameters) {
    verdicts_.parameter(parameter.step, parameter.name, parameter.update_ratio,
                        parameter.gradient_std);
  }
  for (const report::Verdict& verdict : records.verdicts) {
    told_.insert(verdict.what);
  }
}

double Training::step(train::RunLog& log) {
  const std::int64_t number = run_.state.step;
  if (number % watch_every_ != 0) {
    return trainer_.step();
  }
  train::Watch watch(*run_.model);
  const double loss = trainer_.step(&watch);
  watched(number, watch, log);
  return loss;
}

// Words as generation would draw them now, the same ones whether the run was resumed or not.
void Training::log_samples(train::RunLog& log) {
  const std::int64_t count = corpus_.words ? kSampleWords : 1;
  const std::int64_t length = corpus_.words ? kSampleLength : 2 * kSampleLength;
  generate::Words words(*run_.model, {.max_length = length}, run_.state.seed, count, count);
  std::vector<train::Sample> samples;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::vector<std::int32_t> tokens = words.next().tokens;
    samples.push_back({.text = run_.state.vocabulary.decode(tokens)});
    if (corpus_.words) {
      samples.back().known = known_.contains(tokens);
    }
  }
  log.samples(run_.state.step, samples);
}

double Training::evaluate_and_save(train::RunLog& log) {
  double loss = 0;
  const auto judge = [&] {
    run_.model->eval();
    loss = loss_of(*run_.model, corpus_.val, threads_.most);
    // Before the files: a run killed in between is resumed from older ones, and judges again.
    log.evaluation(run_.state.step, "val", loss);
    verdicts_.evaluation(run_.state.step, "val", loss);
    log_samples(log);
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

bool Training::patience_ended() const {
  return patience_ > 0 && run_.state.best.worse_since >= patience_;
}

Training::Outcome Training::run(train::RunLog& log, const Interrupt& interrupt,
                                std::int64_t log_every, bool quiet) {
  if (run_.state.step > 0) {
    recall();
  }
  try {
    return run_steps(log, interrupt, log_every, quiet);
  } catch (const train::Diverged&) {  // what was saved is all there is to keep
    verdicts_.window(run_.state.step, std::numeric_limits<double>::quiet_NaN());
    judge(log);
    report::write(files_.folder());
    throw;
  } catch (const std::exception& error) {
    const std::filesystem::path place = files_.rescue(run_, trainer_);
    if (place.empty()) {
      throw;
    }
    fail("{}; the run is saved in {}, up to step {}", error.what(), place.string(),
         run_.state.step);
  }
}

Training::Outcome Training::run_steps(train::RunLog& log, const Interrupt& interrupt,
                                      std::int64_t log_every, bool quiet) {
  using Clock = std::chrono::steady_clock;
  Progress progress(run_.state.step, steps_, quiet);
  Outcome outcome;
  if (run_.state.step == 0) {
    files_.save_model(run_);
    files_.save_state(run_, trainer_);
  }
  train::Window& window = run_.state.window;
  while (run_.state.step < steps_ && !patience_ended()) {
    const auto from = Clock::now();
    const double rate = trainer_.rate();
    window.loss += step(log);
    const double mean = window.loss / static_cast<double>(++window.steps);
    const std::int64_t done = run_.state.step = trainer_.steps_done();
    outcome.seconds += std::chrono::duration<double>(Clock::now() - from).count();
    progress.show(done, mean, rate);
    if (done % log_every == 0 || done == steps_) {
      log.step(done - 1, mean, rate);
      verdicts_.window(done - 1, mean);
      progress.window(mean);
      window = {};
    }
    if (done % eval_every_ == 0 || done == steps_) {
      progress.validation(evaluate_and_save(log));
      judge(log);
      report::write(files_.folder());
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
