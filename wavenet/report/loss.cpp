// The loss over steps, as the article draws it and with what it is to be compared to.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "wavenet/base/utf8.h"
#include "wavenet/log/loss_text.h"
#include "wavenet/log/window.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/series.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr double kLossTop = 46;  // under the title and the names of the axes
constexpr double kRight = 40;    // for the second axis
constexpr double kRatePanel = 64;
constexpr double kGap = 44;
constexpr double kBottom = 34;

// Both panels go by the logarithm; what has none is left out.
double log_loss(double loss) { return loss > 0 ? std::log10(loss) : std::nan(""); }

std::vector<Point> in_logs(std::vector<Point> points) {
  for (Point& p : points) {
    p.y = log_loss(p.y);
  }
  return points;
}

std::vector<Point> faint_of(const History& run) {
  std::vector<Point> points;
  for (const WindowRecord& w : run.windows) {
    points.push_back({static_cast<double>(w.step), w.loss});
  }
  return in_logs(std::move(points));
}

std::vector<Point> evaluations_of(const History& run, const std::string& split) {
  std::vector<Point> points;
  for (const Evaluation& e : run.evaluations) {
    if (e.split == split) {
      points.push_back({static_cast<double>(e.step), e.loss});
    }
  }
  return in_logs(std::move(points));
}

struct Mark {
  std::string label;
  double loss;
};

std::vector<Mark> marks_of(const Marks& marks) {
  std::vector<Mark> all;
  const auto add = [&](const std::string& name, double loss) {
    if (loss > 0) {  // and no NaN
      all.push_back({name + ' ' + loss_text(loss), loss});
    }
  };
  add("uniform", marks.uniform);
  add("unigram", marks.unigram);
  add(marks.order > 0 ? fmt::format("{}-gram", marks.order) : "n-gram", marks.ngram);
  add("linear prediction", marks.linear_prediction);
  add("input at the best gain", marks.gain);
  add("best linear filter", marks.filter);
  add("best static curve", marks.curve);
  std::ranges::stable_sort(all, std::ranges::greater(), &Mark::loss);
  return all;
}

// Round losses on the scale of their logarithms: 1, 2 and 5 times the powers of ten, or as many of
// the powers alone as there is room for.
std::vector<Tick> nat_ticks(Range logs, int count) {
  const Range losses{std::pow(10, logs.low), std::pow(10, logs.high)};
  std::vector<Tick> all;
  if (losses.high < 8 * losses.low) {
    all = ticks(losses, count);
  } else {
    const bool few = logs.high - logs.low < count;
    const int every =
        std::max(1, static_cast<int>(std::ceil((logs.high - logs.low) / std::max(1, count))));
    for (int power = static_cast<int>(std::floor(logs.low)); power <= logs.high; ++power) {
      for (const double digit : few ? std::vector<double>{1, 2, 5} : std::vector<double>{1}) {
        const double loss = digit * std::pow(10, power);
        if (loss >= losses.low && loss <= losses.high && power % every == 0) {
          all.push_back({loss, power < -2 || power > 4 ? fmt::format("{}e{}", digit, power)
                                                       : shortest(loss, std::max(0, -power))});
        }
      }
    }
  }
  for (Tick& tick : all) {
    tick.at = std::log10(tick.at);
  }
  return all;
}

void append(std::vector<double>& values, const std::vector<Point>& points) {
  for (const Point& p : points) {
    values.push_back(p.y);
  }
}

// The curves of one run in the loss panel.
struct Curves {
  std::vector<Point> faint;
  std::vector<Point> bold;
  std::vector<Point> val;
  std::vector<Point> train;
  std::int64_t stretch;
};

// A window of the log may be longer than the stretch that would be drawn.
std::int64_t longest_window(const History& run) {
  std::int64_t longest = 1;
  for (std::size_t i = 0; i < run.windows.size(); ++i) {
    longest = std::max(longest, window_length(run.windows, i));
  }
  return longest;
}

Curves curves_of(const History& run) {
  const std::int64_t stretch = std::max(logs::window_for(run.steps_done()), longest_window(run));
  return {.faint = faint_of(run),
          .bold = in_logs(mean_of_stretches(run.windows, stretch)),
          .val = evaluations_of(run, "val"),
          .train = evaluations_of(run, "train"),
          .stretch = stretch};
}

Range range_for(const std::vector<Curves>& runs, const std::vector<Mark>& marks) {
  std::vector<double> values;
  for (const Curves& curves : runs) {
    std::vector<double> faint;
    append(faint, curves.faint);
    const Range middle = middle_of(std::move(faint));
    if (!curves.faint.empty()) {
      values.insert(values.end(), {middle.low, middle.high});
    }
    append(values, curves.bold);
    append(values, curves.val);
    append(values, curves.train);
  }
  for (const Mark& mark : marks) {
    values.push_back(std::log10(mark.loss));
  }
  return range_of(values, 0.05);
}

std::int64_t longest(const std::vector<History>& runs) {
  std::int64_t steps = 1;
  for (const History& run : runs) {
    steps = std::max(steps, run.steps_done());
  }
  return steps;
}

// A little more than the steps, so that the last dot is whole.
Range time_range(std::int64_t steps) { return {0, 1.008 * static_cast<double>(steps)}; }

Panel loss_panel(Size size, double bottom, std::int64_t steps, Range y,
                 const std::string& measure) {
  Panel panel({.left = kAxisWidth, .top = kLossTop, .right = size.width - kRight, .bottom = bottom},
              time_range(steps), y);
  const int rows = static_cast<int>((bottom - kLossTop) / 42);
  panel.left_axis(nat_ticks(y, rows));
  panel.right_axis(ticks(y, rows));
  panel.left_title(measure);
  panel.right_title("log10");
  return panel;
}

// A mark's name stands where the curves are far: over its line on the right above their ends,
// else under it on the left, where a falling curve is still higher. Names too close to stand one
// below the other share a line, at the first of the marks.
void add_marks(Panel& panel, const std::vector<Mark>& marks, double last) {
  constexpr double kLine = 13;
  const auto level_of = [](const Mark& mark) { return std::log10(mark.loss); };
  const auto side_of = [&](const Mark& mark) {
    return level_of(mark) > last + 0.02 ? Side::right : Side::left;
  };
  for (const Mark& mark : marks) {
    panel.level(level_of(mark), "mark");
  }
  for (std::size_t i = 0; i < marks.size();) {
    const double at = level_of(marks[i]);
    std::string names = marks[i].label;
    std::size_t next = i + 1;
    while (next < marks.size() && side_of(marks[next]) == side_of(marks[i]) &&
           std::abs(panel.y(level_of(marks[next])) - panel.y(at)) < kLine) {
      names += ", " + marks[next++].label;
    }
    panel.label(at, side_of(marks[i]), names);
    i = next;
  }
}

// Of the curves that reach the right of the panel, where names would stand.
double highest_end(const std::vector<Curves>& runs, std::int64_t steps) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const Curves& curves : runs) {
    for (const std::vector<Point>& points : {curves.bold, curves.val}) {
      if (!points.empty() && points.back().x > 0.7 * static_cast<double>(steps)) {
        highest = std::fmax(highest, points.back().y);
      }
    }
  }
  return highest;
}

std::string draw_rate(const History& run, Box box, std::int64_t steps, int columns) {
  std::vector<Point> rates;
  std::vector<double> values{0};
  for (const WindowRecord& w : run.windows) {
    rates.push_back({static_cast<double>(w.step), w.rate});
    values.push_back(w.rate);
  }
  const Range all = range_of(values);
  const Range range{all.low, all.high + 0.1 * (all.high - all.low)};
  const Range x = time_range(steps);
  Panel panel(box, x, range);
  panel.bottom_axis(step_ticks(x, columns));
  panel.left_axis(ticks(range, 2));
  panel.left_title("learning rate");
  panel.bottom_title("steps");
  panel.curve(thinned(rates), "line c3");
  panel.dots(rates.size() == 1 ? rates : std::vector<Point>(), "dot c3");
  return panel.body();
}

// Two panels need more than one figure's height, most of all where both are narrow.
Size tall(Size size) { return {size.width, size.height + (size.width < 600 ? 130 : 40)}; }

// More points than this on a line a pixel thick only blacken it.
std::size_t points_for(Size size) {
  return std::min(kMaxPoints, static_cast<std::size_t>(2 * size.width));
}

std::string draw_loss(const History& run, Size size) {
  const Curves curves = curves_of(run);
  const std::vector<Mark> marks = marks_of(run.info.marks);
  const std::int64_t steps = std::max<std::int64_t>(1, run.steps_done());
  const double bottom = size.height - kBottom - kRatePanel - kGap;
  Panel panel = loss_panel(size, bottom, steps, range_for({curves}, marks),
                           excerpt(measure_of(run.info), 30));
  const int columns = static_cast<int>(size.width / 90);
  panel.bottom_axis(step_ticks({0, static_cast<double>(steps)}, columns), false);
  std::vector<LegendEntry> entries;
  if (curves.faint.size() > curves.bold.size()) {
    panel.curve(thinned(curves.faint, points_for(size)), "faint c0");
    entries.push_back({"each logged loss", "faint c0"});
  }
  if (!curves.bold.empty()) {
    panel.curve(thinned(curves.bold), "bold c0");
    panel.dots(curves.bold.size() == 1 ? curves.bold : std::vector<Point>(), "dot c0");
    // An amplifier is trained on more than the ESR that it is judged by.
    const char* what = measure_of(run.info) == "ESR" ? "loss in training, mean" : "mean";
    entries.push_back(
        {fmt::format("{} of {} steps", what, with_commas(curves.stretch)), "bold c0"});
  }
  if (!curves.val.empty()) {
    panel.curve(thinned(curves.val), "line c1");
    panel.dots(thinned(curves.val), "dot c1");
    entries.push_back({"validation", "dotted c1"});
  }
  if (!curves.train.empty()) {
    panel.dots(curves.train, "dot c2");
    entries.push_back({"train, at the end", "dotted c2"});
  }
  add_marks(panel, marks, highest_end({curves}, steps));
  const Box below{.left = kAxisWidth,
                  .top = bottom + kGap,
                  .right = size.width - kRight,
                  .bottom = size.height - kBottom};
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, "Loss",
             panel.body() + draw_rate(run, below, steps, columns) + keys.body);
}

// Marks mean something only where all runs share them.
std::vector<Mark> shared_marks(const std::vector<History>& runs) {
  std::vector<Mark> marks = marks_of(runs.front().info.marks);
  for (const History& run : runs) {
    const std::vector<Mark> others = marks_of(run.info.marks);
    std::erase_if(marks, [&](const Mark& mark) {
      return std::none_of(others.begin(), others.end(),
                          [&](const Mark& other) { return other.label == mark.label; });
    });
  }
  return marks;
}

std::string shared_measure(const std::vector<History>& runs) {
  const std::string first = measure_of(runs.front().info);
  const bool shared = std::all_of(
      runs.begin(), runs.end(), [&](const History& run) { return measure_of(run.info) == first; });
  return shared ? excerpt(first, 30) : "loss";
}

std::string draw_comparison(const std::vector<History>& runs, Size size) {
  std::vector<Curves> all;
  for (const History& run : runs) {
    all.push_back(curves_of(run));
    all.back().faint.clear();
  }
  const std::vector<Mark> marks = shared_marks(runs);
  const std::int64_t steps = longest(runs);
  Panel panel =
      loss_panel(size, size.height - kBottom, steps, range_for(all, marks), shared_measure(runs));
  panel.bottom_axis(step_ticks({0, static_cast<double>(steps)}, static_cast<int>(size.width / 90)));
  panel.bottom_title("steps");
  std::vector<LegendEntry> entries;

  for (std::size_t i = 0; i < runs.size(); ++i) {
    panel.curve(thinned(all[i].bold, kMaxPoints / 4), "bold " + colour(i));
    panel.curve(thinned(all[i].val, kMaxPoints / 4), "dashed " + colour(i));
    panel.dots(thinned(all[i].val, kMaxPoints / 4), "dot " + colour(i));
    entries.push_back({runs[i].name, "bold " + colour(i)});
  }
  entries.push_back(
      {shared_measure(runs) == "ESR" ? "loss in training, mean" : "mean loss", "bold ink"});
  entries.push_back({"validation", "dashed ink"});
  add_marks(panel, marks, highest_end(all, steps));
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, "Loss of each run", panel.body() + keys.body);
}

}  // namespace

std::vector<Figure> loss_figures(const History& run) {
  if (run.windows.empty() && run.steps_done() == 0) {  // nothing yet, or a model that counts
    return {};
  }
  return {
      {.name = "loss", .section = "loss", .caption = {}, .wide = true, .draw = [&run](Size size) {
         return draw_loss(run, tall(size));
       }}};
}

std::vector<Figure> comparison_figures(const std::vector<History>& runs) {
  return {{.name = "comparison",
           .section = "loss",
           .caption = {},
           .wide = true,
           .draw = [&runs](Size size) { return draw_comparison(runs, size); }}};
}

}  // namespace wavenet::report
