#include "wavenet/report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wavenet/base/utf8.h"
#include "wavenet/log/loss_text.h"
#include "wavenet/report/files.h"
#include "wavenet/report/html.h"
#include "wavenet/report/sounds.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr std::size_t kMostVerdicts = 10;
constexpr std::size_t kMostDraws = 12;          // steps whose samples are shown
constexpr std::size_t kMostSampleBytes = 6000;  // of one step
constexpr std::size_t kMostLayers = 200;
constexpr std::size_t kMostFacts = 50;
constexpr std::size_t kMostText = 20'000;  // of a recipe, a command or a verdict

std::string cut(std::string_view text, std::size_t most = kMostText) {
  if (text.size() <= most) {
    return std::string(text);
  }
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) {
    --end;  // not inside a character
  }
  return std::string(text.substr(0, end)) + "...";
}

std::string verdicts_html(const History& run) {
  std::string html;
  const std::size_t skipped = run.verdicts.size() - std::min(run.verdicts.size(), kMostVerdicts);
  for (std::size_t i = run.verdicts.size(); i-- > skipped;) {  // the newest first
    const Verdict& verdict = run.verdicts[i];
    html += fmt::format(
        "<div class=\"card verdict\" role=\"alert\"><b>{}</b> <span class=\"quiet\">after {} steps"
        "</span><p>Because {}.</p><p>Try {}.</p></div>\n",
        escape(cut(verdict.name, 200)), with_commas(verdict.step),
        escape(cut(verdict.because, 1000)), escape(cut(verdict.advice, 1000)));
  }
  return html;
}

const Evaluation* best_of(const History& run) {
  const Evaluation* best = nullptr;
  for (const Evaluation& e : run.evaluations) {
    if (e.split == "val" && std::isfinite(e.loss) && (best == nullptr || e.loss < best->loss)) {
      best = &e;
    }
  }
  return best;
}

const Evaluation* last_of(const History& run, std::string_view split) {
  const auto found = std::find_if(run.evaluations.rbegin(), run.evaluations.rend(),
                                  [&](const Evaluation& e) { return e.split == split; });
  return found == run.evaluations.rend() ? nullptr : &*found;
}

// Of a large number more digits say nothing, and have no room.
std::string number_text(double value, int digits, bool sign = false) {
  constexpr double kLarge = 1e4;
  const std::string text = std::abs(value) < kLarge ? fmt::format("{:.{}f}", value, digits)
                                                    : fmt::format("{:.3g}", value);
  return (sign && value >= 0 ? "+" : "") + text;
}

std::string unit_of(const RunInfo& info) { return excerpt(info.unit, 20); }

// What the receptive field is made of; of sound also how long it lasts.
std::string seen_text(const History& run) {
  std::string text = unit_of(run.info) + "s seen";
  if (!run.sounds.empty()) {
    text += fmt::format(", {:.3g} s", static_cast<double>(run.info.receptive_field) /
                                          static_cast<double>(run.sounds.back().rate));
  }
  return text;
}

std::string tiles_html(const History& run) {
  const RunInfo& info = run.info;
  std::string html;
  const Evaluation* best = best_of(run);
  if (best != nullptr) {
    const bool in_nats = info.measure == RunInfo().measure;
    html += tile(loss_text(best->loss), fmt::format("best validation{}, after {} steps",
                                                    in_nats ? "" : ' ' + excerpt(info.measure, 20),
                                                    with_commas(best->step)));
    if (in_nats) {
      html += tile(number_text(best->loss / std::numbers::ln2, 3), "bits per " + unit_of(info));
    }
  }
  if (const Evaluation* train = last_of(run, "train")) {
    html += tile(loss_text(train->loss), "train, at the end");
  } else if (!run.windows.empty()) {
    html += tile(loss_text(run.windows.back().loss), "last logged loss");
  }
  if (best != nullptr && std::isfinite(info.marks.ngram)) {
    constexpr double kSame = 5e-5;  // as four digits tell it: that of the counting model itself
    const double ahead = info.marks.ngram - best->loss;
    if (std::abs(ahead) >= kSame) {
      html += tile(number_text(-ahead, 4, true),
                   ahead > 0 ? "against counting: better" : "against counting: worse");
    }
  }
  if (best != nullptr && std::isfinite(info.marks.linear_prediction)) {
    const double behind = best->loss - info.marks.linear_prediction;
    html += tile(number_text(behind, 4, true), behind < 0 ? "against linear prediction: better"
                                                          : "against linear prediction: worse");
  }
  if (best != nullptr && std::isfinite(info.marks.filter)) {
    html += tile(loss_text(info.marks.filter), "of the best linear filter");
    html += tile(loss_text(info.marks.curve), "of the best static curve");
  }
  if (info.parameters) {
    html += tile(with_commas(*info.parameters), "parameters");
  }
  if (info.receptive_field > 0) {
    html += tile(with_commas(info.receptive_field), seen_text(run));
  }
  return html.empty() ? html : "<div class=\"tiles\">\n" + html + "</div>\n";
}

std::string head_html(const History& run) {
  const std::string done = with_commas(run.steps_done());
  const std::string all = with_commas(run.info.steps);
  const std::string status = run.running ? fmt::format("step {} of {}", done, all)
                             : run.finished()
                                 ? fmt::format("finished, {} steps", done)
                                 : fmt::format("stopped; its log ends at step {} of {}", done, all);
  return fmt::format("<header><h1>{}</h1><span class=\"status{}\">{}</span></header>\n",
                     escape(excerpt(run.name, 100)), !run.running && run.finished() ? " done" : "",
                     status);
}

std::string sample_html(const Sample& sample) {
  const bool known = sample.known.value_or(false);
  return fmt::format("<li{}>{}</li>", known ? " class=\"known\"" : "",
                     escape(cut(sample.text, kMostSampleBytes / 2)));
}

std::string drawn_html(const SampleRecord& record, bool open) {
  const auto known = std::count_if(record.samples.begin(), record.samples.end(),
                                   [](const Sample& s) { return s.known.value_or(false); });
  const bool marked = std::any_of(record.samples.begin(), record.samples.end(),
                                  [](const Sample& s) { return s.known.has_value(); });
  std::string words;
  std::size_t shown = 0;
  for (const Sample& sample : record.samples) {
    if (words.size() >= kMostSampleBytes) {
      break;
    }
    words += sample_html(sample);
    ++shown;
  }
  std::string about = fmt::format("after {} steps", with_commas(record.step));
  if (marked) {
    about += fmt::format(": {} of {} known", known, record.samples.size());
  }
  if (shown < record.samples.size()) {
    about += fmt::format(" ({} are shown)", shown);
  }
  return fmt::format("<details{}><summary>{}</summary><ul class=\"words\">{}</ul></details>\n",
                     open ? " open" : "", about, words);
}

// The newest, and of those before it as many as fit, evenly chosen.
std::string samples_html(const History& run) {
  std::string html;
  const std::size_t count = run.samples.size();
  const std::size_t shown = std::min(count, kMostDraws);
  for (std::size_t i = 0; i < shown; ++i) {
    html += drawn_html(run.samples[count - 1 - i * count / shown], i == 0);
  }
  const std::string about =
      "<p class=\"quiet\">Drawn at evaluations. Known: stands in the training data.</p>\n";
  return html.empty() ? html : section("Samples", "samples", card(about + html));
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100 * *share) : "";
}

std::string fixed(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "none";
}

// The last record of each layer in numbers.
std::string watched_html(const History& run) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = run.layers.size(); i-- > 0 && rows.size() < kMostLayers;) {
    const LayerRecord& layer = run.layers[i];
    if (layer.step != run.layers.back().step) {
      break;
    }
    rows.push_back({excerpt(layer.name, 60), excerpt(layer.kind, 40), fixed(layer.activation.mean),
                    fixed(layer.activation.std),
                    layer.gradient ? fmt::format("{:.1e}", layer.gradient->std) : "",
                    percent(layer.saturated), percent(layer.dead)});
  }
  std::reverse(rows.begin(), rows.end());
  return rows.empty() ? ""
                      : card(table({{"layer"},
                                    {"kind"},
                                    {"mean", true},
                                    {"std", true},
                                    {"gradient std", true},
                                    {"saturated", true},
                                    {"dead", true}},
                                   rows));
}

std::string figures_section(const std::vector<Figure>& figures, std::string_view id,
                            std::string_view title, const std::string& more = "") {
  const std::string html = figures_html(figures, id) + more;
  return html.empty() ? html : section(title, id, html);
}

std::string sounds_section(const History& run, const std::vector<Figure>& figures) {
  const std::string html = sounds_html(run) + figures_html(figures, "sounds");
  return html.empty() ? html : section("Sounds", "sounds", html);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format(
      "{}", fmt::join(shape.begin(), shape.begin() + std::min<std::ptrdiff_t>(8, std::ssize(shape)),
                      " x "));
}

std::string model_html(const RunInfo& info) {
  std::vector<std::vector<std::string>> rows;
  for (const LayerInfo& layer : info.layers) {
    if (rows.size() == kMostLayers) {
      rows.push_back({fmt::format("and {} more", info.layers.size() - kMostLayers)});
      break;
    }
    rows.push_back({excerpt(layer.name, 60), excerpt(layer.kind, 40), shape_text(layer.shape),
                    with_commas(layer.parameters)});
  }
  return rows.empty()
             ? ""
             : section("Model", "model",
                       card(table({{"layer"}, {"kind"}, {"output", true}, {"parameters", true}},
                                  rows)));
}

std::string data_html(const RunInfo& info) {
  std::vector<std::vector<std::string>> rows;
  for (const Fact& fact : info.data) {
    if (rows.size() < kMostFacts) {
      const auto* count = std::get_if<std::int64_t>(&fact.value);
      rows.push_back({excerpt(fact.name, 60),
                      count != nullptr ? with_commas(*count) : std::get<std::string>(fact.value)});
    }
  }
  return rows.empty() ? "" : section("Data", "data", card(table({}, rows)));
}

std::string configuration_html(const RunInfo& info) {
  std::string html;
  if (!info.command.empty()) {
    html += card("<p class=\"quiet\">The command that repeats it</p><pre>" +
                 escape(cut(info.command)) + "</pre>");
  }
  std::vector<std::vector<std::string>> rows;
  if (info.seed) {
    rows.push_back({"seed", std::to_string(*info.seed)});
  }
  if (info.split_seed) {
    rows.push_back({"split seed", std::to_string(*info.split_seed)});
  }
  if (!info.version.empty()) {
    rows.push_back({"version", excerpt(info.version, 60)});
  }
  html += rows.empty() ? "" : card(table({}, rows));
  if (!info.recipe.empty()) {
    html += card("<p class=\"quiet\">Recipe</p><pre>" + escape(cut(info.recipe)) + "</pre>");
  }
  return html.empty()
             ? html
             : section("Configuration", "configuration", "<div class=\"grid\">" + html + "</div>");
}

}  // namespace

std::string page_of(const History& run) {
  const std::vector<Figure> figures = figures_of(run);
  std::string html = head_html(run) + verdicts_html(run) + tiles_html(run);
  html += figures.empty() && run.evaluations.empty()
              ? "<p class=\"quiet\">Nothing is logged yet.</p>\n"
              : "";
  html += figures_section(figures, "loss", "Loss");
  html += samples_html(run);
  html += sounds_section(run, figures);
  html += figures_section(figures, "files", "Loss by file", file_losses_html(run));
  html += figures_section(figures, "layers", "Activations and gradients", watched_html(run));
  html += figures_section(figures, "updates", "Updates");
  html += figures_section(figures, "norms", "Batch norm");
  html += figures_section(figures, "field", "Receptive field");
  html += model_html(run.info) + data_html(run.info) + configuration_html(run.info);
  return document(excerpt(run.name, 100), run.running, html);
}

namespace {

// What the data holds; its file may go by several names.
std::vector<Fact> counts_of(const RunInfo& info) {
  std::vector<Fact> counts = info.data;
  std::erase_if(counts, [](const Fact& fact) { return fact.name == "source"; });
  return counts;
}

// Losses are compared in vain where the words, or their split, are others.
std::string warning_of_data(const std::vector<History>& runs) {
  const RunInfo& first = runs.front().info;
  for (const History& run : runs) {
    const RunInfo& info = run.info;
    const bool words = std::any_of(info.data.begin(), info.data.end(),
                                   [](const Fact& fact) { return fact.name == "words"; });
    const bool same_split = !words || info.split_seed == first.split_seed;  // a text is cut in two
    const bool same_unit = info.unit == first.unit;
    if (counts_of(info) != counts_of(first) || !same_split || !same_unit) {
      return fmt::format(
          "<div class=\"card verdict\" role=\"alert\"><b>different data</b><p>{} and {} were "
          "trained and judged on other data or another split, so that their losses do not "
          "compare.</p></div>\n",
          escape(excerpt(runs.front().name, 100)), escape(excerpt(run.name, 100)));
    }
  }
  return "";
}

struct MarkColumn {
  const char* name;
  double Marks::*loss;
};
constexpr MarkColumn kMarkColumns[]{{"uniform", &Marks::uniform},
                                    {"unigram", &Marks::unigram},
                                    {"n-gram", &Marks::ngram},
                                    {"linear prediction", &Marks::linear_prediction},
                                    {"input at the best gain", &Marks::gain},
                                    {"best linear filter", &Marks::filter},
                                    {"best static curve", &Marks::curve}};

// Those that any of the runs has.
std::vector<MarkColumn> mark_columns_of(const std::vector<History>& runs) {
  std::vector<MarkColumn> columns;
  for (const MarkColumn& column : kMarkColumns) {
    if (std::ranges::any_of(
            runs, [&](const History& run) { return std::isfinite(run.info.marks.*column.loss); })) {
      columns.push_back(column);
    }
  }
  return columns;
}

}  // namespace

std::string comparison_of(const std::vector<History>& runs) {
  std::vector<std::vector<std::string>> rows;
  bool running = false;
  const std::vector<MarkColumn> marks = mark_columns_of(runs);
  for (const History& run : runs) {
    const RunInfo& info = run.info;
    const Evaluation* best = best_of(run);
    const Evaluation* train = last_of(run, "train");
    running = running || run.running;
    rows.push_back({excerpt(run.name, 60), info.parameters ? with_commas(*info.parameters) : "",
                    with_commas(run.steps_done()), best != nullptr ? loss_text(best->loss) : "",
                    best != nullptr ? with_commas(best->step) : "",
                    train != nullptr ? loss_text(train->loss) : ""});
    for (const MarkColumn& mark : marks) {
      const double loss = info.marks.*mark.loss;
      rows.back().push_back(std::isnan(loss) ? "" : loss_text(loss));
    }
  }
  const std::string head = fmt::format("<header><h1>{} runs</h1></header>\n", runs.size());
  std::vector<Column> columns{{"run"},
                              {"parameters", true},
                              {"steps", true},
                              {"best validation", true},
                              {"after steps", true},
                              {"train, at the end", true}};
  for (const MarkColumn& mark : marks) {
    columns.push_back({mark.name, true});
  }
  const std::string all = table(columns, rows);
  return document(fmt::format("{} runs", runs.size()), running,
                  head + warning_of_data(runs) +
                      figures_section(comparison_figures(runs), "loss", "Loss") +
                      section("Runs", "runs", card(all)));
}

}  // namespace wavenet::report
