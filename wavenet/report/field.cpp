#include "wavenet/report/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "wavenet/report/figures.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr std::int64_t kMostColumns = 32;
constexpr std::size_t kMostDrawn = 40;
constexpr std::int64_t kMostDilation = 1 << 20;
constexpr std::size_t kMostLinks = 4000;  // in all cones; outputs on the left light inputs alone
constexpr double kLabels = 82;            // left of the nodes
constexpr double kFieldTop = 40;

struct Layout {
  std::int64_t columns;
  double left;
  double step;  // from column to column
  double row;   // from level to level
  double bottom;
  double radius;

  double x(std::int64_t column) const { return left + step * static_cast<double>(column); }
  double y(std::size_t level) const { return bottom - row * static_cast<double>(level); }
};

std::int64_t columns_of(const Stack& stack) {
  return std::clamp<std::int64_t>(2 * field_of(stack), 12, kMostColumns);
}

Layout layout_of(const Stack& stack, Size size) {
  Layout layout{};
  layout.columns = columns_of(stack);
  const double width = size.width - kLabels - 10;
  layout.step = width / static_cast<double>(layout.columns - 1);
  layout.left = kLabels;
  layout.row = stack.dilations.size() > 12 ? 24 : 42;
  layout.radius = std::min(5.0, layout.step / 3);
  layout.bottom = kFieldTop + layout.row * static_cast<double>(stack.dilations.size());
  return layout;
}

std::string line(const Layout& at, const Link& link) {
  return fmt::format("M{} {}L{} {}", coordinate(at.x(link.from)), coordinate(at.y(link.level)),
                     coordinate(at.x(link.to)), coordinate(at.y(link.level + 1)));
}

std::string dot(const Layout& at, std::size_t level, std::int64_t column) {
  return fmt::format("M{} {}h0", coordinate(at.x(column)), coordinate(at.y(level)));
}

// Everything at rest: each node and each link that has both ends in the drawing.
std::string at_rest(const Stack& stack, const Layout& at) {
  std::string links;
  std::string nodes;
  for (std::size_t level = 0; level <= stack.dilations.size(); ++level) {
    for (std::int64_t column = 0; column < at.columns; ++column) {
      nodes += dot(at, level, column);
      for (std::int64_t k = 0; level > 0 && k < stack.width; ++k) {
        const std::int64_t from = column - k * stack.dilations[level - 1];
        if (from < 0) {
          break;
        }
        links += line(at, {level - 1, from, column});
      }
    }
  }
  return fmt::format(
      "<path class=\"link\" d=\"{}\"/><path class=\"node\" style=\"stroke-width:{}\" d=\"{}\"/>",
      links, coordinate(2 * at.radius), nodes);
}

std::string labels(const Stack& stack, const Layout& at) {
  std::string all = text_at(0, at.y(0) + 4, "inputs", "start");
  for (std::size_t level = 1; level <= stack.dilations.size(); ++level) {
    const std::string label = stack.width > 2 && stack.dilations.size() == 1
                                  ? fmt::format("width {}", stack.width)
                                  : fmt::format("dilation {}", stack.dilations[level - 1]);
    all += text_at(0, at.y(level) + 4, label, "start");
  }
  return all;
}

// The words that the page shows while an output is pointed at.
std::string description(const Stack& stack, const Cone& cone, const Layout& at,
                        std::int64_t column) {
  const std::int64_t field = field_of(stack);
  const auto seen = static_cast<std::int64_t>(cone.seen.front().size());
  const std::int64_t back = column - cone.seen.front().front();
  std::string text =
      fmt::format("output {}: the input at its own place and {} before it, up to {} back",
                  column + 1, seen - 1, back);
  if (column + 1 < field) {
    text += field > at.columns ? "; more lie left of the drawing" : "; the rest is padding";
  }
  return text;
}

// `whole`: with the way from the inputs to the output.
std::string draw_cone(const Stack& stack, const Cone& cone, const Layout& at, std::int64_t column,
                      bool whole) {
  std::string links;
  std::string nodes;
  for (std::size_t i = 0; whole && i < cone.links.size(); ++i) {
    links += line(at, cone.links[i]);
  }
  for (std::size_t level = 0; level < cone.seen.size(); ++level) {
    const bool lit = whole || level == 0 || level + 1 == cone.seen.size();
    for (std::size_t i = 0; lit && i < cone.seen[level].size(); ++i) {
      nodes += dot(at, level, cone.seen[level][i]);
    }
  }
  // The whole column can be pointed at: a node is too small for a thumb.
  return fmt::format(
      "<g class=\"cone{}\" tabindex=\"0\"><title>{}</title><rect class=\"hit\" x=\"{}\" y=\"{}\" "
      "width=\"{}\" height=\"{}\"/><path class=\"lit\" d=\"{}\"/><path class=\"lit dots\" "
      "style=\"stroke-width:{}\" d=\"{}\"/></g>",
      column + 1 == at.columns ? " on" : "", escape(description(stack, cone, at, column)),
      coordinate(at.x(column) - at.step / 2), coordinate(kFieldTop - 12), coordinate(at.step),
      coordinate(at.bottom - kFieldTop + 24), links, coordinate(2 * at.radius + 1), nodes);
}

}  // namespace

std::int64_t field_of(const Stack& stack) {
  return 1 + (stack.width - 1) *
                 std::accumulate(stack.dilations.begin(), stack.dilations.end(), std::int64_t{0});
}

std::optional<Stack> stack_of(const RunInfo& info) {
  const std::int64_t field = info.receptive_field;
  if (info.dilations.empty()) {
    const bool window = !info.layers.empty() && field >= 2 && field <= kMostColumns;
    return window ? std::optional(Stack{field, {1}}) : std::nullopt;
  }
  const bool small = std::all_of(info.dilations.begin(), info.dilations.end(),
                                 [](auto d) { return d >= 1 && d <= kMostDilation; });
  if (!small || info.dilations.size() >= kMostDrawn || info.width < 2 ||
      info.width > kMostColumns) {
    return std::nullopt;
  }
  Stack stack{info.width, info.dilations};
  if (field == field_of(stack) + info.width - 1) {  // a WaveNet's input layer is a convolution too
    stack.dilations.insert(stack.dilations.begin(), 1);
  }
  return field == field_of(stack) ? std::optional(stack) : std::nullopt;
}

Cone cone_of(const Stack& stack, std::int64_t position, std::int64_t first) {
  Cone cone;
  std::set<std::int64_t> level{position};
  cone.seen.emplace_back(level.begin(), level.end());
  for (std::size_t l = stack.dilations.size(); l-- > 0;) {
    std::set<std::int64_t> below;
    for (const std::int64_t to : level) {
      for (std::int64_t k = 0; k < stack.width; ++k) {
        const std::int64_t from = to - k * stack.dilations[l];
        if (from >= first) {
          below.insert(from);
          cone.links.push_back({l, from, to});
        }
      }
    }
    level = std::move(below);
    cone.seen.emplace_back(level.begin(), level.end());
  }
  std::reverse(cone.seen.begin(), cone.seen.end());
  return cone;
}

std::string draw_stack(const Stack& stack, Size size) {
  const Layout at = layout_of(stack, size);
  std::string cones;
  std::size_t links = 0;
  for (std::int64_t column = at.columns; column-- > 0;) {
    const Cone cone = cone_of(stack, column, 0);
    links += cone.links.size();
    cones += draw_cone(stack, cone, at, column, links <= kMostLinks || column + 1 == at.columns);
  }
  const std::string title =
      fmt::format("Receptive field: {} inputs an output", with_commas(field_of(stack)));
  return svg({size.width, at.bottom + 16}, title, labels(stack, at) + at_rest(stack, at) + cones,
             "group");
}

std::vector<Figure> field_figures(const History& run) {
  const std::optional<Stack> stack = stack_of(run.info);
  if (!stack) {
    return {};
  }
  return {{.name = "receptive-field",
           .section = "field",
           .caption = "Newest on the right. Point at a column to light what its output sees.",
           .wide = true,
           .draw = [stack](Size size) { return draw_stack(*stack, size); }}};
}

}  // namespace wavenet::report
