#include "wavenet/report/series.h"

#include <algorithm>
#include <cmath>

namespace wavenet::report {
namespace {

bool lower(const Point& a, const Point& b) { return a.y < b.y; }

}  // namespace

std::vector<Point> thinned(const std::vector<Point>& points, std::size_t limit) {
  if (points.size() <= limit) {
    return points;
  }
  const std::size_t stretches = std::max<std::size_t>(1, limit / 2);
  std::vector<Point> kept;
  for (std::size_t s = 0; s < stretches; ++s) {
    const auto place = [&](std::size_t part) {
      return points.begin() + static_cast<std::ptrdiff_t>(part * points.size() / stretches);
    };
    const auto begin = place(s);
    const auto end = place(s + 1);
    // A comparison with what is not a number misleads minmax_element, so such a stretch is a gap.
    const auto gap = std::find_if(begin, end, [](const Point& p) { return !std::isfinite(p.y); });
    if (gap != end) {
      kept.push_back(*gap);
      continue;
    }
    auto [least, most] = std::minmax_element(begin, end, lower);
    kept.push_back(*std::min(least, most));
    if (least != most) {
      kept.push_back(*std::max(least, most));
    }
  }
  return kept;
}

std::vector<Point> mean_of_stretches(const std::vector<WindowRecord>& windows,
                                     std::int64_t length) {
  std::vector<Point> means;
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const WindowRecord& w = windows[i];
    const auto steps = static_cast<double>(window_length(windows, i));
    sum += steps * w.loss;
    count += steps;
    const bool last =
        i + 1 == windows.size() || (windows[i + 1].step - 1) / length != (w.step - 1) / length;
    if (last) {
      means.push_back({static_cast<double>(w.step), sum / count});
      sum = count = 0;
    }
  }
  return means;
}

std::int64_t window_length(const std::vector<WindowRecord>& windows, std::size_t place) {
  const std::int64_t step = windows[place].step;
  std::int64_t length = step;  // of the first
  if (place > 0) {
    length = step - windows[place - 1].step;
  } else if (windows.size() > 1) {  // a log may begin late, that of a run which was rescued
    length = std::min(length, windows[1].step - step);
  }
  return std::max<std::int64_t>(1, length);
}

Range middle_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.size() < 200) {
    return range_of(values);
  }
  const auto cut = static_cast<std::ptrdiff_t>(values.size() / 200);
  std::nth_element(values.begin(), values.begin() + cut, values.end());
  const double low = values[static_cast<std::size_t>(cut)];
  std::nth_element(values.begin(), values.end() - 1 - cut, values.end());
  return {low, *(values.end() - 1 - cut)};
}

}  // namespace wavenet::report
