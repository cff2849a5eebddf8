#include "wavenet/report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace wavenet::report {

std::vector<Figure> figures_of(const History& run) {
  std::vector<Figure> all;
  for (const auto& room : {loss_figures, sound_figures, file_figures, layer_figures, update_figures,
                           norm_figures, field_figures}) {
    std::vector<Figure> some = room(run);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

Panel time_panel(Size size, std::int64_t steps, Range y, const std::vector<Tick>& y_ticks) {
  const Range x{0, static_cast<double>(std::max<std::int64_t>(1, steps))};
  Panel panel({.left = kAxisWidth, .top = 30, .right = size.width - 20, .bottom = size.height - 34},
              x, y);
  panel.bottom_axis(step_ticks(x, static_cast<int>(size.width / 90)));
  panel.bottom_title("steps");
  panel.left_axis(y_ticks);
  return panel;
}

std::string drawn_of(std::size_t drawn, std::size_t found, std::string_view what) {
  return drawn < found ? fmt::format("{} of {} {} are drawn", drawn, found, what) : "";
}

std::string colour(std::size_t i) { return fmt::format("c{}", i % kColours); }

}  // namespace wavenet::report
