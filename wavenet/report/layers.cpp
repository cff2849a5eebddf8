// What each layer gives and gets: histograms of activations and gradients, several layers as curves
// in one figure, and how much of a tanh is saturated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "wavenet/base/utf8.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/series.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr std::size_t kKindLetters = 24;  // of a title that a phone shows whole

using Layers = std::vector<const LayerRecord*>;
using Choose = const Histogram* (*)(const LayerRecord&);

const Histogram* activation(const LayerRecord& layer) { return &layer.activation; }
const Histogram* gradient(const LayerRecord& layer) {
  return layer.gradient ? &*layer.gradient : nullptr;
}

// What is the same everywhere, as gradients of 0 are, is no curve.
bool drawable(const Histogram* h) {
  return h != nullptr && h->low < h->high && std::isfinite(h->mean) && std::isfinite(h->std) &&
         h->std > 0 &&
         std::any_of(h->counts.begin(), h->counts.end(), [](std::int64_t n) { return n > 0; });
}

// A Flatten's values are those of the layer before it, so it is not drawn again.
bool shows_anew(const LayerRecord& layer) { return !layer.kind.starts_with("Flatten"); }

// The last record of each layer, in the order of the model.
Layers latest_of(const History& run) {
  Layers latest;
  std::map<std::string_view, std::size_t> place;
  for (const LayerRecord& layer : run.layers) {
    if (!shows_anew(layer)) {
      continue;
    }
    const auto [at, first] = place.try_emplace(layer.name, latest.size());
    if (first) {
      latest.push_back(&layer);
    } else {
      latest[at->second] = &layer;
    }
  }
  return latest;
}

// By kind, tanh first as in the article, the others as they come; at most kColours in a group.
std::vector<Layers> groups_of(const Layers& layers) {
  std::vector<std::string> kinds{"Tanh", "GatedTanh"};
  for (const LayerRecord* layer : layers) {
    if (std::find(kinds.begin(), kinds.end(), layer->kind) == kinds.end()) {
      kinds.push_back(layer->kind);
    }
  }
  std::vector<Layers> groups;
  for (const std::string& kind : kinds) {
    Layers group;
    for (const LayerRecord* layer : layers) {
      if (layer->kind == kind) {
        group.push_back(layer);
      }
    }
    for (std::size_t from = 0; from < group.size(); from += kColours) {
      const auto begin = group.begin() + static_cast<std::ptrdiff_t>(from);
      const auto left = static_cast<std::size_t>(group.end() - begin);
      groups.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(left, kColours)));
    }
  }
  return groups;
}

// The share of values in each bin over the bin's width, so that layers of any size compare.
std::vector<Point> density_of(const Histogram& h) {
  double total = 0;
  for (const std::int64_t count : h.counts) {
    total += static_cast<double>(count);
  }
  const double width = (h.high - h.low) / static_cast<double>(h.counts.size());
  std::vector<Point> points;
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    points.push_back({h.low + (static_cast<double>(i) + 0.5) * width,
                      static_cast<double>(h.counts[i]) / (total * width)});
  }
  return points;
}

// Where the values are: a few outliers must not press the rest into one line.
Range values_of(const Layers& group, Choose choose) {
  constexpr double kSpreads = 4;
  std::vector<double> ends;
  for (const LayerRecord* layer : group) {
    const Histogram& h = *choose(*layer);
    ends.push_back(std::max(h.low, h.mean - kSpreads * h.std));
    ends.push_back(std::min(h.high, h.mean + kSpreads * h.std));
  }
  return range_of(ends);
}

std::string draw_histograms(const Layers& all, Choose choose, const std::string& title, Size size) {
  Layers group;
  std::copy_if(all.begin(), all.end(), std::back_inserter(group),
               [&](const LayerRecord* layer) { return drawable(choose(*layer)); });
  const Range x = values_of(group, choose);
  std::vector<std::vector<Point>> curves;
  std::vector<double> heights{0};
  for (const LayerRecord* layer : group) {
    curves.push_back(thinned(density_of(*choose(*layer))));
    for (const Point& p : curves.back()) {
      heights.push_back(p.x >= x.low && p.x <= x.high ? p.y : 0);
    }
  }
  const Range y = range_of(heights);
  Panel panel({.left = kAxisWidth, .top = 30, .right = size.width - 20, .bottom = size.height - 26},
              x, {0, 1.05 * y.high});
  panel.bottom_axis(ticks(x, static_cast<int>(size.width / 80)));
  panel.left_axis(ticks({0, y.high}, 5));
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < group.size(); ++i) {
    panel.curve(curves[i], "line " + colour(i));
    entries.push_back({excerpt(group[i]->name), "line " + colour(i)});
  }
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, title, panel.body() + keys.body);
}

std::string draw_saturation(const History& run, const Layers& group, Size size) {
  const Range y{0, 100};
  Panel panel = time_panel(size, run.steps_done(), y, ticks(y, 5));
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < group.size(); ++i) {
    std::vector<Point> points;
    for (const LayerRecord& layer : run.layers) {
      if (layer.name == group[i]->name && layer.saturated) {
        points.push_back({static_cast<double>(layer.step), 100 * *layer.saturated});
      }
    }
    panel.curve(thinned(points), "line " + colour(i));
    panel.dots(points.size() == 1 ? points : std::vector<Point>(), "dot " + colour(i));
    entries.push_back({excerpt(group[i]->name), "line " + colour(i)});
  }
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, "Saturated tanh, % of |y| > 0.97",
             panel.body() + keys.body);
}

std::string file_name(std::string_view kind, std::string_view what, std::size_t number) {
  std::string name = "layers-";
  for (const char c : kind.substr(0, 40)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += letter ? static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c) : '-';
  }
  // The number tells kinds apart that are spelt alike.
  return fmt::format("{}-{}-{}", name, number, what);
}

bool any_drawable(const Layers& group, Choose choose) {
  return std::any_of(group.begin(), group.end(),
                     [&](const LayerRecord* layer) { return drawable(choose(*layer)); });
}

}  // namespace

std::vector<Figure> layer_figures(const History& run) {
  std::vector<Figure> all;
  std::size_t number = 0;
  std::size_t part_number = 1;  // of a kind with more layers than one figure shows
  std::string kind_before;
  Layers latest = latest_of(run);
  const std::size_t found = latest.size();
  latest.resize(std::min(found, kMaxCurves));
  for (const Layers& group : groups_of(latest)) {
    const std::string kind = group.front()->kind;
    part_number = kind == kind_before ? part_number + 1 : 1;
    kind_before = kind;
    const std::string part = part_number > 1 ? fmt::format(" ({})", part_number) : "";
    const std::string when = part + ", step " + with_commas(group.front()->step);
    ++number;
    const auto add = [&](Choose choose, const char* what, const std::string& title) {
      if (any_drawable(group, choose)) {
        all.push_back({.name = file_name(kind, what, number),
                       .section = "layers",
                       .caption = {},
                       .wide = false,
                       .draw = [group, choose, title](Size size) {
                         return draw_histograms(group, choose, title, size);
                       }});
      }
    };
    add(activation, "activation", excerpt(kind, kKindLetters) + " activations" + when);
    add(gradient, "gradient", excerpt(kind, kKindLetters) + " gradients" + when);
    if (std::any_of(group.begin(), group.end(),
                    [](const LayerRecord* layer) { return layer->saturated.has_value(); })) {
      all.push_back(
          {.name = file_name(kind, "saturated", number),
           .section = "layers",
           .caption = {},
           .wide = false,
           .draw = [&run, group](Size size) { return draw_saturation(run, group, size); }});
    }
  }
  if (!all.empty()) {
    all.back().caption = drawn_of(latest.size(), found, "layers");
  }
  return all;
}

}  // namespace wavenet::report
