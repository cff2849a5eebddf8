// Svg: the parts of a plot as text: a panel with two scales, curves in it, its axes, a legend.
//
//   Panel panel({.left = 46, .top = 24, .right = 500, .bottom = 300}, {0, 200'000}, {1.7, 3.3});
//   panel.curve(points, "bold c0");
//   panel.left_axis(ticks(1.7, 3.3, 6));
//   std::string figure = svg({520, 340}, "the loss", panel.body());
//
// Looks come from classes (style.h), so that a page in the dark and a file on white share one
// drawing. Left out: measuring text; a letter is taken to be 7 wide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wavenet::report {

struct Size {
  double width;
  double height;
};

struct Box {
  double left;
  double top;
  double right;
  double bottom;
};

struct Range {
  double low;
  double high;
};

struct Point {
  double x;
  double y;
};

struct Tick {
  double at;
  std::string label;
};

// The smallest range that holds every finite value, widened by `share` of itself at both ends;
// never empty. Of no values: 0 to 1.
Range range_of(const std::vector<double>& values, double share = 0);

// About `count` multiples of 1, 2 or 5 times a power of ten within the range; as "8e-4" where their
// digits would be more than there is room for.
std::vector<Tick> ticks(Range range, int count);

// The same for steps: 50k, 100k.
std::vector<Tick> step_ticks(Range range, int count);

// A coordinate in at most one digit after the point.
std::string coordinate(double value);

inline constexpr double kAxisWidth = 46;  // that the left axis takes for its labels

// Where a level's label stands: under the left end of its line or over the right one.
enum class Side : unsigned char { left, right };

class Panel {
 public:
  Panel(Box box, Range x, Range y) : box_(box), x_(x), y_(y) {}

  const Box& box() const { return box_; }
  double x(double value) const;
  double y(double value) const;

  // Lines across the panel, with labels under it or left of it.
  void bottom_axis(const std::vector<Tick>& at, bool labels = true);
  void left_axis(const std::vector<Tick>& at);
  // Labels alone.
  void right_axis(const std::vector<Tick>& at);
  // A word over the left or right axis, or under the right end of the bottom one.
  void left_title(std::string_view text);
  void right_title(std::string_view text);
  void bottom_title(std::string_view text);

  // What follows is cut off at the panel's edge. A point that is not finite breaks a curve.
  void curve(const std::vector<Point>& points, std::string_view classes);
  void dots(const std::vector<Point>& points, std::string_view classes);
  // Between two curves of equal x.
  void band(const std::vector<Point>& lower, const std::vector<Point>& upper,
            std::string_view classes);
  void level(double value, std::string_view classes);
  void label(double value, Side side, std::string_view text);

  std::string body() const;

 private:
  void add_path(const std::string& d, std::string_view classes);

  Box box_;
  Range x_;
  Range y_;
  std::string outside_;  // axes
  std::string inside_;   // cut at the edge
  std::string above_;    // labels of levels
};

struct LegendEntry {
  std::string text;
  std::string classes;  // of its line
};

struct Legend {
  std::string body;
  double height;
};

// In columns, as many as fit, from `top` down.
Legend legend(const std::vector<LegendEntry>& entries, double left, double right, double top);

// Escapes `content`. `anchor`: start, middle or end.
std::string text_at(double x, double y, std::string_view content, std::string_view anchor,
                    std::string_view classes = "");

// The whole drawing; `title` stands at its top and is what a screen reader says. `role`: group for
// a drawing whose parts can be pointed at.
std::string svg(Size size, std::string_view title, std::string_view body,
                std::string_view role = "img");

}  // namespace wavenet::report
