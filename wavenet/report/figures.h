// Figures: each plot of a report, drawn from records at any size.
//
//   for (const Figure& figure : figures_of(run)) {
//     write_file_atomically(folder / (figure.name + ".svg"), alone(figure.draw(kAlone)));
//   }
//
// A figure whose records are missing is left out. Left out too: pages (page.h), colours (style.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wavenet/log/history.h"
#include "wavenet/report/svg.h"

namespace wavenet::report {

// Sizes that are legible as they are: across a desktop page, half of it, a phone.
inline constexpr Size kWide{1088, 440};
inline constexpr Size kHalf{530, 300};
inline constexpr Size kPhone{356, 300};

struct Figure {
  std::string name;                       // of its file: lower case, digits and hyphens
  std::string section;                    // loss, sounds, players, files, layers, ...
  std::string caption;                    // one line of plain text under it; may be empty
  bool wide;                              // takes the whole width of a desktop page
  std::function<std::string(Size)> draw;  // the height grows by what a legend needs
};

// In the order of the page. They read `run` when drawn, so it must outlive them.
std::vector<Figure> figures_of(const History& run);

// One room of the page each.
std::vector<Figure> loss_figures(const History& run);
std::vector<Figure> sound_figures(const History& run);
std::vector<Figure> file_figures(const History& run);
std::vector<Figure> layer_figures(const History& run);
std::vector<Figure> update_figures(const History& run);
std::vector<Figure> norm_figures(const History& run);
std::vector<Figure> field_figures(const History& run);

// The loss of several runs in one plot.
std::vector<Figure> comparison_figures(const std::vector<History>& runs);

// What figures over time share: a panel for `steps` steps with its axes, left open for curves.
Panel time_panel(Size size, std::int64_t steps, Range y, const std::vector<Tick>& y_ticks);

inline constexpr std::size_t kColours = 10;
// "104 of 200 layers are drawn", or nothing where all are.
std::string drawn_of(std::size_t drawn, std::size_t found, std::string_view what);

inline constexpr std::size_t kMaxCurves = 104;  // layers or parameters of a run that are drawn
// The class of the i-th curve of a figure.
std::string colour(std::size_t i);

}  // namespace wavenet::report
