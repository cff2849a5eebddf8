#include "cli/observer.h"

#include <algorithm>
#include <limits>

#include "cli/say.h"
#include "wavenet/generate/words.h"
#include "wavenet/report/report.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::int64_t kWatchedSteps = 50;  // of a run
constexpr std::int64_t kWatchAtMostEvery = 100;
constexpr std::int64_t kSampleWords = 20;
constexpr std::int64_t kSampleLength = 100;  // characters at most

}  // namespace

Observer::Observer(const Run& run, const data::Corpus& corpus, const Marks& marks,
                   train::RunLog& log, ObserverOptions options)
    : run_(run),
      corpus_(corpus),
      log_(log),
      options_(std::move(options)),
      verdicts_({.uniform = marks.uniform,
                 .unigram = marks.unigram,
                 .ngram = marks.ngram,
                 .order = marks.order,
                 .learning_rate = run.state.recipe.number("train.learning_rate", 0, 1e9)}) {
  if (options_.reported && corpus.words) {
    for (data::Sequence word : corpus.train) {
      word.pop_back();
      known_.insert(std::move(word));
    }
  }
  if (run.state.step > 0) {
    recall();
  }
}

void Observer::recall() {
  const report::Records records = report::read_records(options_.folder);
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

double Observer::step(train::Trainer& trainer) {
  const std::int64_t number = trainer.steps_done();
  const std::int64_t every = std::max(kWatchAtMostEvery, options_.steps / kWatchedSteps);
  if (!options_.reported || number % every != 0) {
    return trainer.step();
  }
  train::Watch watch(*run_.model);
  const double loss = trainer.step(&watch);
  watched(number, watch);
  return loss;
}

void Observer::watched(std::int64_t step, const train::Watch& watch) {
  for (const train::LayerRecord& layer : watch.layers()) {
    log_.layer(step, layer);
    if (layer.saturated) {
      verdicts_.layer(step, layer.layer, *layer.saturated, *layer.dead);
    }
  }
  for (const train::ParameterRecord& parameter : watch.parameters()) {
    log_.parameter(step, parameter);
    verdicts_.parameter(step, parameter.parameter, parameter.update_ratio, parameter.gradient_std);
  }
  for (const train::NormRecord& norm : watch.norms()) {
    log_.norm(step, norm);
  }
}

void Observer::window(std::int64_t step, double loss, double rate) {
  log_.step(step, loss, rate);
  verdicts_.window(step, loss);
}

void Observer::evaluation(double loss) {
  log_.evaluation(run_.state.step, "val", loss);
  verdicts_.evaluation(run_.state.step, "val", loss);
  if (options_.reported) {
    draw_samples();
  }
}

// Words as generation would draw them now, the same ones whether the run was resumed or not.
void Observer::draw_samples() {
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
  log_.samples(run_.state.step, samples);
}

void Observer::judge() {
  for (const train::Verdict& verdict : verdicts_.judge()) {
    if (told_.insert(verdict.name).second) {
      log_.verdict(run_.state.step, verdict);
      say::warning(fmt::format("{}: {}; try {}", verdict.name, verdict.because, verdict.advice));
    }
  }
  if (options_.reported) {
    report::write(options_.folder);
  }
}

void Observer::judge_diverged() {
  verdicts_.window(run_.state.step, std::numeric_limits<double>::quiet_NaN());
  judge();
}

}  // namespace cli
