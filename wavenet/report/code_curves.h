// Code curves: how often each mu-law code occurs, in the data and in what was drawn last.
//
//   if (const std::optional<Figure> figure = codes_figure(run)) { all.push_back(*figure); }
//
// Left out: the sounds themselves (sounds.h).
#pragma once

#include <optional>

#include "wavenet/log/history.h"
#include "wavenet/report/figures.h"

namespace wavenet::report {

// Nothing for a run that has logged no code.
std::optional<Figure> codes_figure(const History& run);

}  // namespace wavenet::report
