#include "wavenet/run/observer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wavenet/generate/sounds.h"
#include "wavenet/generate/words.h"
#include "wavenet/log/history.h"
#include "wavenet/run/work.h"

namespace wavenet::run {
namespace {

constexpr std::int64_t kWatchedSteps = 50;  // of a run
constexpr std::int64_t kWatchAtMostEvery = 100;
constexpr std::int64_t kBetweenSamples = 512;

}  // namespace

Observer::Observer(const State& state, const data::Dataset& data, const Marks& marks,
                   ObserverOptions options, Listener& listener, const Stop& stop,
                   std::optional<RunLog>& log)
    : state_(state),
      data_(data),
      options_(std::move(options)),
      listener_(listener),
      stop_(stop),
      log_(log),
      verdicts_({.marks = marks,
                 .unit = state.saved.codec->unit(),
                 .measure = state.model->output().unit(),
                 .learning_rate = state.saved.recipe.number("train.learning_rate", 0, 1e9),
                 .keeps_best = options_.keeps_best}) {
  if (options_.looks) {
    in_train_ = data.recogniser();
  }
  if (state.saved.step > 0 && !options_.folder.empty()) {
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
  listener_.on(record);
}

std::optional<train::Watch> Observer::watch() const {
  const std::int64_t number = state_.saved.step;
  const std::int64_t every = std::max(kWatchAtMostEvery, options_.steps / kWatchedSteps);
  if (!options_.looks || number % every != 0) {
    return std::nullopt;
  }
  return std::optional<train::Watch>(std::in_place, *state_.model, number);
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

void Observer::evaluation(double loss) {
  std::vector<Record> drawn;
  if (options_.looks && std::isfinite(loss)) {
    drawn = samples();
  }
  tell(Evaluation{state_.saved.step, "val", loss});
  std::for_each(drawn.begin(), drawn.end(), [&](const Record& record) { tell(record); });
}

// As generation would draw them now, the same ones whether the run was resumed or not.
std::vector<Record> Observer::samples() const {
  if (const std::optional<std::int64_t> rate = state_.saved.codec->sample_rate()) {
    return sounds(*rate);
  }
  if (data_.draws().count == 0) {
    return {};
  }
  return {words()};
}

SampleRecord Observer::words() const {
  Work work("drawing samples", listener_, stop_);
  const auto [count, longest] = data_.draws();
  SampleRecord drawn{.step = state_.saved.step};
  generate::Words words(*state_.model, {.max_length = longest}, state_.saved.seed, count, count);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::vector<std::int32_t> tokens = words.next(work.between()).tokens;
    drawn.samples.push_back({.text = state_.saved.codec->decode(tokens)});
    if (in_train_) {
      drawn.samples.back().known = in_train_(tokens);
    }
  }
  return drawn;
}

std::vector<Record> Observer::sounds(std::int64_t rate) const {
  Work work("drawing samples", listener_, stop_);
  const Between between = work.between();
  const auto [count, longest] = data_.draws();
  std::vector<Record> drawn;
  if (count == 0) {
    return drawn;
  }
  std::vector<std::string> codes(static_cast<std::size_t>(count));
  generate::Sounds sounds(*state_.model, {}, state_.saved.seed, count);
  for (std::int64_t made = 0; made < longest; ++made) {
    if (made % kBetweenSamples == 0) {
      between(static_cast<double>(made) / static_cast<double>(longest));
    }
    const std::span<const std::uint8_t> now = sounds.next();
    for (std::size_t i = 0; i < codes.size(); ++i) {
      codes[i] += static_cast<char>(now[i]);
    }
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    drawn.emplace_back(SoundRecord{.step = state_.saved.step,
                                   .name = fmt::format("sample {}", i + 1),
                                   .rate = rate,
                                   .codes = std::move(codes[i])});
  }
  return drawn;
}

void Observer::judge(bool ended) {
  std::optional<Verdict> verdict = verdicts_.judge(ended);
  if (!verdict || std::any_of(told_.begin(), told_.end(),
                              [&](const Verdict& told) { return told.name == verdict->name; })) {
    return;
  }
  verdict->step = state_.saved.step;
  tell(*verdict);
  told_.push_back(*std::move(verdict));
}

void Observer::judge_diverged() {
  verdicts_.add(WindowRecord{state_.saved.step + 1, std::numeric_limits<double>::quiet_NaN(), 0});
  judge(true);
}

}  // namespace wavenet::run
