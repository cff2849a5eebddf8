// How far a step moves each parameter, and where batch norm's running statistics lie, over time.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "wavenet/base/utf8.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/series.h"

namespace wavenet::report {
namespace {

constexpr double kGoodRatio = -3;  // log10: a thousandth a step, the article's rule of thumb

// In the order of the records, each once.
template <class Record>
std::vector<std::string> names_of(const std::vector<Record>& records) {
  std::vector<std::string> names;
  std::set<std::string_view> met;
  for (const Record& record : records) {
    if (met.insert(record.name).second) {
      names.push_back(record.name);
    }
  }
  return names;
}

using Names = std::vector<std::string>;

std::vector<Names> in_groups(const Names& names, std::size_t most) {
  std::vector<Names> groups;
  for (const std::string& name : names) {
    if (groups.empty() || groups.back().size() == most) {
      groups.emplace_back();
    }
    groups.back().push_back(name);
  }
  return groups;
}

std::string numbered(const std::string& title, std::size_t number, std::size_t of) {
  return of > 1 ? fmt::format("{} ({} of {})", title, number, of) : title;
}

// One curve a name, by one of a record's numbers.
template <class Record, class Value>
std::vector<Point> curve_of(const std::vector<Record>& records, const std::string& name,
                            const Value& value) {
  std::vector<Point> points;
  for (const Record& record : records) {
    if (record.name == name) {
      points.push_back({static_cast<double>(record.step), value(record)});
    }
  }
  return thinned(points);
}

std::string draw_updates(const History& run, const Names& names, const std::string& title,
                         Size size) {
  std::vector<std::vector<Point>> curves;
  std::vector<double> values{kGoodRatio};
  for (const std::string& name : names) {
    curves.push_back(curve_of(run.parameters, name, [](const auto& r) { return r.update_ratio; }));
    for (const Point& p : curves.back()) {
      values.push_back(p.y);
    }
  }
  const Range y = range_of(values, 0.08);
  Panel panel = time_panel(size, run.steps_done(), y, ticks(y, 5));
  panel.level(kGoodRatio, "mark");
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < names.size(); ++i) {
    panel.curve(curves[i], "line " + colour(i));
    panel.dots(curves[i].size() == 1 ? curves[i] : std::vector<Point>(), "dot " + colour(i));
    entries.push_back({excerpt(names[i]), "line " + colour(i)});
  }
  entries.push_back({"a thousandth", "mark"});
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, title, panel.body() + keys.body);
}

using Part = Spread NormRecord::*;

std::string draw_norms(const History& run, const Names& names, Part part, const std::string& title,
                       Size size) {
  const auto curve = [&](const std::string& name, std::size_t i) {
    return curve_of(run.norms, name, [&](const NormRecord& r) { return (r.*part)[i]; });
  };
  std::vector<double> values;
  for (const NormRecord& record : run.norms) {
    if (std::find(names.begin(), names.end(), record.name) != names.end()) {
      values.insert(values.end(), {(record.*part)[0], (record.*part)[2]});
    }
  }
  const Range y = range_of(values, 0.05);
  Panel panel = time_panel(size, run.steps_done(), y, ticks(y, 5));
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < names.size(); ++i) {
    panel.band(curve(names[i], 0), curve(names[i], 2), "band " + colour(i));
    entries.push_back({excerpt(names[i]), "line " + colour(i)});
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    panel.curve(curve(names[i], 1), "line " + colour(i));
  }
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, title, panel.body() + keys.body);
}

}  // namespace

std::vector<Figure> update_figures(const History& run) {
  Names names = names_of(run.parameters);
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name.ends_with("weight"); });
  const std::size_t found = names.size();
  names.resize(std::min(found, kMaxCurves));
  std::vector<Figure> all;
  const std::vector<Names> groups = in_groups(names, kColours);
  for (const Names& group : groups) {
    const std::size_t number = all.size() + 1;
    const std::string title = numbered("Update to weight, log10", number, groups.size());
    all.push_back({.name = fmt::format("updates-{}", number),
                   .section = "updates",
                   .caption = number == groups.size() ? drawn_of(names.size(), found, "parameters")
                                                      : std::string(),
                   .wide = false,
                   .draw = [&run, group, title](Size size) {
                     return draw_updates(run, group, title, size);
                   }});
  }
  return all;
}

std::vector<Figure> norm_figures(const History& run) {
  constexpr std::size_t kBands = 4;  // more would hide one another
  std::vector<Figure> all;
  Names names = names_of(run.norms);
  names.resize(std::min(names.size(), kMaxCurves));
  const std::vector<Names> groups = in_groups(names, kBands);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto add = [&](Part part, const char* what) {
      const std::string title =
          numbered(fmt::format("BatchNorm: running {}", what), g + 1, groups.size());
      all.push_back({.name = fmt::format("norms-{}-{}", g + 1, what),
                     .section = "norms",
                     .caption = {},
                     .wide = false,
                     .draw = [&run, group = groups[g], part, title](Size size) {
                       return draw_norms(run, group, part, title, size);
                     }});
    };
    add(&NormRecord::mean, "mean");
    add(&NormRecord::variance, "variance");
  }
  return all;
}

}  // namespace wavenet::report
