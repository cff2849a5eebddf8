#include "cli/observer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/progress.h"
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

Observer::Observer(const Run& run, const data::Corpus& corpus, const Marks& marks, const Stop& stop,
                   std::optional<run::RunLog>& log, ObserverOptions options)
    : run_(run),
      corpus_(corpus),
      stop_(stop),
      log_(log),
      options_(std::move(options)),
      verdicts_({.marks = marks,
                 .learning_rate = run.state.recipe.number("train.learning_rate", 0, 1e9),
                 .keeps_best = options_.keeps_best}) {
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
  History history = read_history(options_.folder);
  const auto add_all = [&](const auto& records) {
    for (const auto& record : records) {
      verdicts_.add(record);
    }
  };
  add_all(history.windows);
  add_all(history.evaluations);
  add_all(history.layers);
  add_all(history.parameters);
  told_ = std::move(history.verdicts);
}

void Observer::tell(const Record& record) {
  if (log_) {
    log_->write(record);
  }
  verdicts_.add(record);
}

std::optional<train::Watch> Observer::watch() const {
  const std::int64_t number = run_.state.step;
  const std::int64_t every = std::max(kWatchAtMostEvery, options_.steps / kWatchedSteps);
  if (!options_.reported || number % every != 0) {
    return std::nullopt;
  }
  return std::optional<train::Watch>(std::in_place, *run_.model, number);
}

void Observer::watched(const train::Watch& watch) {
  for (const LayerRecord& layer : watch.layers()) {
    tell(layer);
  }
  for (const ParameterRecord& parameter : watch.parameters()) {
    tell(parameter);
  }
  for (const NormRecord& norm : watch.norms()) {
    tell(norm);
  }
}

void Observer::window(std::int64_t step, double loss, double rate) {
  tell(WindowRecord{step, loss, rate});
}

void Observer::evaluation(double loss) {
  std::optional<SampleRecord> drawn;
  if (options_.reported && std::isfinite(loss)) {
    drawn = samples();
  }
  tell(Evaluation{run_.state.step, "val", loss});
  if (drawn) {
    tell(*drawn);
  }
}

// Words as generation would draw them now, the same ones whether the run was resumed or not.
SampleRecord Observer::samples() const {
  Phase phase("drawing samples", stop_);
  const std::int64_t count = corpus_.words ? kSampleWords : 1;
  const std::int64_t length = corpus_.words ? kSampleLength : 2 * kSampleLength;
  generate::Words words(*run_.model, {.max_length = length}, run_.state.seed, count, count);
  SampleRecord drawn{.step = run_.state.step};
  for (std::int64_t i = 0; i < count; ++i) {
    const std::vector<std::int32_t> tokens = words.next(std::ref(phase)).tokens;
    drawn.samples.push_back({.text = run_.state.vocabulary.decode(tokens)});
    if (corpus_.words) {
      drawn.samples.back().known = known_.contains(tokens);
    }
  }
  return drawn;
}

void Observer::tell_verdicts(bool ended) {
  std::optional<Verdict> verdict = verdicts_.judge(ended);
  if (!verdict || std::any_of(told_.begin(), told_.end(),
                              [&](const Verdict& told) { return told.name == verdict->name; })) {
    return;
  }
  verdict->step = run_.state.step;
  tell(*verdict);
  say::warning(fmt::format("{}: {}; try {}", verdict->name, verdict->because, verdict->advice));
  told_.push_back(*std::move(verdict));
}

// Training goes on where its page cannot be made.
void Observer::write_report(bool running) {
  if (!options_.reported || !log_) {
    return;
  }
  try {
    report::write(options_.folder, running);
  } catch (const Error& error) {
    if (!page_failed_) {
      say::warning(error.what());
      page_failed_ = true;
    }
  }
}

void Observer::judge(bool ended) {
  tell_verdicts(ended);
  write_report(true);
}

void Observer::judge_diverged() {
  verdicts_.add(WindowRecord{run_.state.step + 1, std::numeric_limits<double>::quiet_NaN(), 0});
  tell_verdicts(true);
  write_report(false);
}

}  // namespace cli
