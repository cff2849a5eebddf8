#include "wavenet/report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wavenet/base/finite_range.h"
#include "wavenet/base/utf8.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr double kLetter = 7;
constexpr double kRow = 18;
constexpr double kSwatch = 16;

bool finite(const Point& p) { return std::isfinite(p.x) && std::isfinite(p.y); }

double mapped(double value, Range range, double begin, double end) {
  return begin + (value - range.low) / (range.high - range.low) * (end - begin);
}

// Multiples of a round number in the range, as (number, digits after the point).
struct Grid {
  std::vector<double> values;
  double step = 1;
  int digits = 0;
};

Grid grid_of(Range range, int count) {
  const double raw = (range.high - range.low) / std::max(1, count);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double rest = raw / power;
  const double step = power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
  Grid grid;
  if (!(step > 0) || !std::isfinite(step)) {
    return grid;  // the range is empty, or too small for a double
  }
  grid.step = step;
  grid.digits = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const double slack = 1e-9 * step;
  for (double k = std::ceil((range.low - slack) / step); k * step <= range.high + slack; ++k) {
    grid.values.push_back(k * step);
  }
  return grid;
}

// The left axis has room for so many.
constexpr std::ptrdiff_t kDigits = 4;

bool is_wide(const std::string& label) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return label.find('e') != label.npos ||
         std::count_if(label.begin(), label.end(), is_digit) > kDigits;
}

int power_of(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

// "-8e-4", "1.2e5": as many digits as multiples of `step` need.
std::string scientific(double value, double step) {
  if (std::abs(value) < step / 2) {
    return "0";
  }
  const int power = power_of(std::abs(value));
  const double mantissa = value / std::pow(10.0, power);
  return fmt::format("{}e{}", shortest(mantissa, std::max(0, power - power_of(step))), power);
}

// Letters, not bytes.
double width_of(std::string_view text) {
  const auto letters = std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  });
  return kLetter * static_cast<double>(letters);
}

}  // namespace

Range range_of(const std::vector<double>& values, double share) {
  const auto [low, high] = finite_range(values);
  if (low > high) {
    return {0, 1};
  }
  const double largest = std::max(std::abs(low), std::abs(high));
  const double smallest = largest > 0 ? 1e-3 * largest : 1e-6;
  const double more = std::max(share * (high - low), high - low < smallest ? smallest : 0);
  return {low - more, high + more};
}

std::vector<Tick> ticks(Range range, int count) {
  const Grid grid = grid_of(range, count);
  std::vector<Tick> all;
  for (const double value : grid.values) {
    all.push_back({value, shortest(value, grid.digits)});
  }
  if (std::any_of(all.begin(), all.end(), [](const Tick& tick) { return is_wide(tick.label); })) {
    for (Tick& tick : all) {
      tick.label = scientific(tick.at, grid.step);
    }
  }
  return all;
}

std::vector<Tick> step_ticks(Range range, int count) {
  std::vector<Tick> all;
  for (const double value : grid_of(range, count).values) {
    if (value == std::floor(value)) {
      all.push_back({value, step_label(value)});
    }
  }
  return all;
}

std::string coordinate(double value) {
  const double rounded = std::round(value * 10) / 10;
  return rounded == std::floor(rounded) ? fmt::format("{:.0f}", rounded)
                                        : fmt::format("{:.1f}", rounded);
}

double Panel::x(double value) const { return mapped(value, x_, box_.left, box_.right); }
double Panel::y(double value) const { return mapped(value, y_, box_.bottom, box_.top); }

void Panel::bottom_axis(const std::vector<Tick>& at, bool labels) {
  for (const Tick& tick : at) {
    const std::string here = coordinate(x(tick.at));
    outside_ += fmt::format("<path class=\"grid\" d=\"M{} {}V{}\"/>", here, coordinate(box_.top),
                            coordinate(box_.bottom));
    if (labels) {
      outside_ += text_at(x(tick.at), box_.bottom + 15, tick.label, "middle");
    }
  }
}

void Panel::left_axis(const std::vector<Tick>& at) {
  for (const Tick& tick : at) {
    outside_ += fmt::format("<path class=\"grid\" d=\"M{} {}H{}\"/>", coordinate(box_.left),
                            coordinate(y(tick.at)), coordinate(box_.right));
    outside_ += text_at(box_.left - 6, y(tick.at) + 4, tick.label, "end");
  }
}

void Panel::right_axis(const std::vector<Tick>& at) {
  for (const Tick& tick : at) {
    outside_ += text_at(box_.right + 6, y(tick.at) + 4, tick.label, "start");
  }
}

void Panel::left_title(std::string_view text) {
  outside_ += text_at(0, box_.top - 8, text, "start", "axis");
}

void Panel::right_title(std::string_view text) {
  outside_ += text_at(box_.right + 38, box_.top - 8, text, "end", "axis");
}

void Panel::bottom_title(std::string_view text) {
  outside_ += text_at(box_.right, box_.bottom + 30, text, "end", "axis");
}

void Panel::add_path(const std::string& d, std::string_view classes) {
  if (!d.empty()) {
    inside_ += fmt::format("<path class=\"{}\" d=\"{}\"/>", classes, d);
  }
}

void Panel::curve(const std::vector<Point>& points, std::string_view classes) {
  std::string d;
  bool pen_down = false;
  for (const Point& p : points) {
    if (finite(p)) {
      d += pen_down ? ' ' : 'M';
      d += coordinate(x(p.x)) + ' ' + coordinate(y(p.y));
    }
    pen_down = finite(p);
  }
  add_path(d, classes);
}

// A line of no length with round ends is a dot, and all of them are one path.
void Panel::dots(const std::vector<Point>& points, std::string_view classes) {
  std::string d;
  for (const Point& p : points) {
    if (finite(p)) {
      d += fmt::format("M{} {}h0", coordinate(x(p.x)), coordinate(y(p.y)));
    }
  }
  add_path(d, classes);
}

void Panel::band(const std::vector<Point>& lower, const std::vector<Point>& upper,
                 std::string_view classes) {
  std::string d;
  const auto visit = [&](const Point& p) {
    if (finite(p)) {
      d += d.empty() ? 'M' : ' ';
      d += coordinate(x(p.x)) + ' ' + coordinate(y(p.y));
    }
  };
  std::for_each(upper.begin(), upper.end(), visit);
  std::for_each(lower.rbegin(), lower.rend(), visit);
  add_path(d.empty() ? d : d + 'Z', classes);
}

void Panel::level(double value, std::string_view classes) {
  add_path(
      fmt::format("M{} {}H{}", coordinate(box_.left), coordinate(y(value)), coordinate(box_.right)),
      classes);
}

void Panel::label(double value, Side side, std::string_view text) {
  const bool left = side == Side::left;
  above_ += text_at(left ? box_.left + 6 : box_.right - 6, y(value) + (left ? 13 : -5), text,
                    left ? "start" : "end", "level");
}

std::string Panel::body() const {
  const std::string left = coordinate(box_.left);
  const std::string top = coordinate(box_.top);
  const std::string width = coordinate(box_.right - box_.left);
  const std::string height = coordinate(box_.bottom - box_.top);
  // An svg within an svg cuts off what leaves it, and needs no name as a clipPath does.
  return fmt::format(
      "{0}<svg x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\" viewBox=\"{1} {2} {3} {4}\">{5}"
      "</svg>{6}",
      outside_, left, top, width, height, inside_, above_);
}

Legend legend(const std::vector<LegendEntry>& entries, double left, double right, double top) {
  if (entries.empty()) {
    return {.body = {}, .height = 0};
  }
  double width = 0;  // of a column
  for (const LegendEntry& entry : entries) {
    width = std::max(width, kSwatch + 6 + width_of(entry.text) + 14);
  }
  const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>((right - left) / width));
  Legend made{.body = {}, .height = 0};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LegendEntry& entry = entries[i];
    const double x = left + width * static_cast<double>(i % columns);
    const std::size_t row = i / columns;
    const double y = top + kRow * (static_cast<double>(row) + 0.5);
    made.body += fmt::format("<path class=\"{}\" d=\"M{} {}h{}\"/>", entry.classes, coordinate(x),
                             coordinate(y), coordinate(kSwatch));
    made.body += text_at(x + kSwatch + 6, y + 4, entry.text, "start");
    made.height = y + kRow / 2 - top;
  }
  return made;
}

std::string text_at(double x, double y, std::string_view content, std::string_view anchor,
                    std::string_view classes) {
  const std::string look = classes.empty() ? "" : fmt::format(" class=\"{}\"", classes);
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>", coordinate(x),
                     coordinate(y), anchor, look, escape(content));
}

std::string svg(Size size, std::string_view title, std::string_view body, std::string_view role) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {} {}\" role=\"{}\" "
      "aria-label=\"{}\">{}{}</svg>",
      coordinate(size.width), coordinate(size.height), role, escape(title),
      text_at(0, 13, title, "start", "title"), body);
}

}  // namespace wavenet::report
