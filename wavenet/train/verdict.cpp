#include "wavenet/train/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace wavenet::train {
namespace {

// Losses in nats per token. A minibatch of 32 has a loss with a deviation of about 0.15; a tenth of
// a run averages at least ten of them here.
constexpr std::int64_t kFirstSteps = 100;  // fewer say nothing
constexpr std::int64_t kFairSteps = 1000;  // every recipe passes the unigram long before
constexpr double kRise = 0.5;              // above the lowest tenth: more than any noise
constexpr double kAboveUniform = 0.3;      // guessing is better, by twice a minibatch's deviation
constexpr double kAsAtStart = 0.8;       // of the first tenth: a loss that began high may come down
constexpr double kFalling = 0.05;        // from tenth to tenth: it still learns, so let it
constexpr double kAtMark = 0.05;         // no better than the mark, by a tenth of 20 steps
constexpr double kSaturatedShare = 0.5;  // the article's networks have up to 0.15 out there
constexpr double kDead = 0.3;            // of a layer's channels: a chance minibatch has none
constexpr double kNoGradient = 1e-12;    // below, f32 weights of any common size do not move
constexpr double kNoGradientShare = 0.5;  // of the parameters
constexpr double kLargeUpdate = -1.5;     // 3 % of a weight in one step; about 0.1 % is healthy
constexpr double kSmallUpdate = -4;       // a tenth of what is healthy
constexpr double kOverRise = 0.05;        // val above its best: more than evaluations differ by
constexpr double kOverGap = 0.2;          // and val above train: the article's networks have 0.1
constexpr double kWideGap = 0.5;          // alone enough
constexpr double kOfTheFilter = 0.95;     // an ESR hardly below a filter's
constexpr double kGoodEsr = 0.01;  // below, nobody hears a difference: a filter is then enough

Verdict verdict(std::string name, std::string because, std::string advice) {
  return {.name = std::move(name), .because = std::move(because), .advice = std::move(advice)};
}

std::string lower_rate(double rate) {
  return rate > 0
             ? fmt::format("a lower train.learning_rate than {:g}, such as {:g}", rate, rate / 10)
             : "a lower train.learning_rate";
}

std::string another_rate(double rate) {
  return fmt::format("another train.learning_rate than {:g}, such as {:g} or {:g}", rate, rate / 10,
                     10 * rate);
}

std::string higher_rate(double rate) {
  return rate > 0
             ? fmt::format("a higher train.learning_rate than {:g}, such as {:g}", rate, rate * 10)
             : "a higher train.learning_rate";
}

// The mean losses of tenths of a run still go down.
bool falling(const std::vector<double>& means) {
  const std::size_t n = means.size();
  return n >= 2 && means[n - 1] < means[n - 2] - kFalling;
}

}  // namespace

void Verdicts::add(const Record& record) {
  if (const auto* window = std::get_if<WindowRecord>(&record)) {
    windows_.push_back({window->step, window->loss});
  } else if (const auto* evaluation = std::get_if<Evaluation>(&record)) {
    evaluations_[evaluation->split].push_back({evaluation->step, evaluation->loss});
  } else if (const auto* layer = std::get_if<LayerRecord>(&record)) {
    add_layer(*layer);
  } else if (const auto* parameter = std::get_if<ParameterRecord>(&record)) {
    parameters_[parameter->name].push_back(
        {parameter->step, parameter->update_ratio, parameter->gradient_std});
  }
}

void Verdicts::add_layer(const LayerRecord& layer) {
  if (!layer.saturated || !layer.dead) {
    return;
  }
  if (layer.kind == "GatedTanh") {
    gated_.insert(layer.name);
  }
  layers_[layer.name].push_back({layer.step, *layer.saturated, *layer.dead});
}

std::int64_t Verdicts::steps() const { return windows_.empty() ? 0 : windows_.back().steps; }

std::vector<double> Verdicts::tenths() const {
  std::vector<double> sums(10);
  std::vector<double> weights(10);
  std::int64_t before = 0;
  for (const Loss& window : windows_) {
    const auto tenth = static_cast<std::size_t>((window.steps - 1) * 10 / steps());
    const auto weight = static_cast<double>(window.steps - before);
    sums[tenth] += weight * window.loss;
    weights[tenth] += weight;
    before = window.steps;
  }
  std::vector<double> means;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (weights[i] > 0) {
      means.push_back(sums[i] / weights[i]);
    }
  }
  return means;
}

// The last two times that something was watched, it was so.
bool Verdicts::stays(const std::vector<Watched>& history, double Watched::*value, double above) {
  const std::size_t n = history.size();
  return n >= 2 && history[n - 2].*value > above && history[n - 1].*value > above;
}

std::optional<Verdict> Verdicts::not_finite() const {
  const auto broken = std::find_if(windows_.begin(), windows_.end(),
                                   [](const Loss& window) { return !std::isfinite(window.loss); });
  if (broken == windows_.end()) {
    return std::nullopt;
  }
  return verdict("diverging", fmt::format("the loss is not finite after {} steps", broken->steps),
                 lower_rate(reference_.learning_rate));
}

bool Verdicts::val_is_lowest() const {
  const auto val = evaluations_.find("val");
  if (val == evaluations_.end() || val->second.size() < 2 || val->second.back().steps != steps()) {
    return false;
  }
  const double now = val->second.back().loss;
  return std::all_of(val->second.begin(), val->second.end(),
                     [&](const Loss& before) { return now <= before.loss; });
}

std::optional<Verdict> Verdicts::diverging(bool ended) const {
  const std::vector<double> means = tenths();
  if (means.empty() || (steps() < kFirstSteps && !ended)) {
    return std::nullopt;
  }
  const double now = means.back();
  const double lowest = *std::min_element(means.begin(), means.end());
  const bool guessing_is_better = now > reference_.marks.uniform + kAboveUniform;
  if (val_is_lowest() &&
      !guessing_is_better) {  // windows of few pieces differ by what lies in them
    return std::nullopt;
  }
  const bool comes_down = !ended && steps() < kFairSteps && now <= kAsAtStart * means.front();
  if (now <= lowest + kRise && (!guessing_is_better || comes_down)) {
    return std::nullopt;
  }
  return verdict(
      "diverging",
      guessing_is_better
          ? fmt::format("the loss is {:.4f} after {} steps, that of guessing is {:.4f}", now,
                        steps(), reference_.marks.uniform)
          : fmt::format("the loss is {:.4f} after {} steps, {:.4f} above the lowest, {:.4f}", now,
                        steps(), now - lowest, lowest),
      lower_rate(reference_.learning_rate));
}

// A gated tanh may saturate as it learns, to 60 % in wavenet-text: the gate does what is left.
std::optional<Verdict> Verdicts::saturated(bool from_start) const {
  for (const auto& [name, history] : layers_) {
    if (!stays(history, &Watched::first, kSaturatedShare) ||
        (from_start ? history.front().first <= kSaturatedShare : gated_.contains(name))) {
      continue;
    }
    return verdict(
        "saturated",
        fmt::format("{:.0f} % of the outputs of {} are near -1 or 1 after {} steps, {:.0f} % at "
                    "the start",
                    100 * history.back().first, name, history.back().step,
                    100 * history.front().first),
        from_start ? "smaller initial weights, or a BatchNorm before the tanh"
                   : lower_rate(reference_.learning_rate));
  }
  return std::nullopt;
}

std::optional<Verdict> Verdicts::dead() const {
  for (const auto& [name, history] : layers_) {
    if (!gated_.contains(name) && stays(history, &Watched::second, kDead)) {
      return verdict(
          "dead",
          fmt::format("{:.0f} % of the channels of {} are stuck at -1 or 1 after {} steps",
                      100 * history.back().second, name, history.back().step),
          lower_rate(reference_.learning_rate));
    }
  }
  return without_gradient();
}

std::optional<Verdict> Verdicts::without_gradient() const {
  const auto is_zero = [](const Watched& watched) { return watched.second < kNoGradient; };
  std::size_t still = 0;
  bool from_start = true;
  std::string example;
  for (const auto& [name, history] : parameters_) {
    if (history.size() < 2 || !std::all_of(history.end() - 2, history.end(), is_zero)) {
      continue;
    }
    example = still == 0 ? name : example;
    from_start = from_start && std::all_of(history.begin(), history.end(), is_zero);
    ++still;
  }
  const auto all = static_cast<double>(parameters_.size());
  if (still == 0 || static_cast<double>(still) < kNoGradientShare * all) {
    return std::nullopt;
  }
  return verdict(
      "dead",
      fmt::format("the gradients of {} of {} parameters are 0 after {} steps{}, that of {} too",
                  still, parameters_.size(), steps(), from_start ? " as at the start" : "",
                  example),
      from_start ? "other initial weights: where all are zero, none of them can learn"
                 : lower_rate(reference_.learning_rate));
}

// The lower quartile, which is that of a weight: beside biases and norms, which begin without any
// spread, each update looks large.
double Verdicts::update_ratio() const {
  std::vector<double> ratios;
  for (const auto& [name, history] : parameters_) {
    ratios.push_back(history.back().first);
  }
  if (ratios.empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto quartile = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 4);
  std::nth_element(ratios.begin(), quartile, ratios.end());
  return *quartile;
}

std::optional<Verdict> Verdicts::behind_marks() const {
  const std::vector<double> means = tenths();
  if (steps() < kFirstSteps || falling(means)) {
    return std::nullopt;
  }
  const double now = means.back();
  const double ratio = update_ratio();
  const bool large = ratio > kLargeUpdate;
  const bool unknown = std::isnan(ratio);  // no layer is looked at
  const double rate = reference_.learning_rate;
  if (now > reference_.marks.uniform - kAtMark) {
    return verdict("not learning",
                   fmt::format("the loss is {:.4f} after {} steps, that of guessing is {:.4f}", now,
                               steps(), reference_.marks.uniform),
                   unknown ? another_rate(rate)
                   : large ? lower_rate(rate)
                           : higher_rate(rate));
  }
  const bool at_mark =
      now > reference_.marks.unigram - kAtMark && reference_.marks.unigram > 2 * kAtMark;
  if (steps() < kFairSteps || !at_mark) {
    return std::nullopt;
  }
  const std::string& unit = reference_.unit;
  const bool above = now > reference_.marks.unigram;
  const std::string beside =
      fmt::format("{} counting single {}s gives{}", above ? ";" : ", hardly below what", unit,
                  above ? "" : ",");
  const std::string ngram = reference_.marks.order > 0
                                ? fmt::format(", counting {} {}s gives {:.4f}",
                                              reference_.marks.order, unit, reference_.marks.ngram)
                                : "";
  const double predicted = reference_.marks.linear_prediction;
  const std::string prediction =
      std::isfinite(predicted) ? fmt::format(", linear prediction {:.4f}", predicted) : "";
  return verdict("worse than counting",
                 fmt::format("the loss is {:.4f} after {} steps{} {:.4f}{}{}", now, steps(), beside,
                             reference_.marks.unigram, ngram, prediction),
                 unknown                ? another_rate(rate)
                 : large                ? lower_rate(rate)
                 : ratio < kSmallUpdate ? higher_rate(rate)
                                        : "looking at the data: what is to be predicted seems to "
                                          "have nothing to do with what stands before it");
}

std::optional<Verdict> Verdicts::over_fitting() const {
  const auto val = evaluations_.find("val");
  if (val == evaluations_.end() || windows_.empty()) {
    return std::nullopt;
  }
  const std::vector<Loss>& losses = val->second;
  const auto train = evaluations_.find("train");
  const bool judged = train != evaluations_.end() && train->second.back().steps == steps();
  if (!judged && reference_.measure != Reference().measure) {
    return std::nullopt;  // windows say nothing of it
  }
  const double known = judged ? train->second.back().loss : tenths().back();
  if (known > reference_.marks.uniform) {
    return std::nullopt;  // nothing was learned, by heart or otherwise
  }
  const auto best = std::min_element(losses.begin(), losses.end(),
                                     [](const Loss& a, const Loss& b) { return a.loss < b.loss; });
  const double now = losses.back().loss;
  const double gap = now - known;
  const double rise = now - best->loss;
  if (gap > kOverGap && rise > kOverRise) {
    return verdict(
        "over-fitting",
        fmt::format("the loss on val is {:.4f}, {:.4f} above its best after {} steps, while that "
                    "on train is {:.4f}",
                    now, rise, best->steps, known),
        reference_.keeps_best
            ? "train.patience=3, which ends there: the best is kept already; more data helps most"
            : "train.keep=best with train.patience=3, which ends there; more data helps most");
  }
  if (gap > kWideGap) {
    return verdict("over-fitting",
                   fmt::format("the loss on val is {:.4f}, {:.4f} above that on train, {:.4f}", now,
                               gap, known),
                   "more data; else a smaller model, or dropout");
  }
  return std::nullopt;
}

// An amplifier's model that a filter or a curve can match has learned nothing of the amplifier.
std::optional<Verdict> Verdicts::behind_filter() const {
  const auto val = evaluations_.find("val");
  const double best = std::min(reference_.marks.filter, reference_.marks.curve);
  if (!std::isfinite(best) || val == evaluations_.end() || steps() < kFairSteps ||
      !(best > kGoodEsr)) {
    return std::nullopt;
  }
  const double now = val->second.back().loss;
  if (now < kOfTheFilter * best) {
    return std::nullopt;
  }
  return verdict(
      "no better than a filter",
      fmt::format(
          "the ESR on val is {:.4f} after {} steps, where the best linear filter has {:.4f} "
          "and the best static curve {:.4f}",
          now, steps(), reference_.marks.filter, reference_.marks.curve),
      "`wavenet doctor IN.wav,OUT.wav`, which tells a wrong latency or a wrong pair; then another "
      "train.learning_rate");
}

// The first that holds is named alone, causes before what they bring about: a model that learns its
// data by heart saturates as it does so.
std::optional<Verdict> Verdicts::judge(bool ended) const {
  std::optional<Verdict> found = not_finite();
  found = found ? found : saturated(true);
  found = found ? found : diverging(ended);
  found = found ? found : over_fitting();
  found = found ? found : saturated(false);
  found = found ? found : dead();
  found = found ? found : behind_filter();
  return found ? found : behind_marks();
}

}  // namespace wavenet::train
