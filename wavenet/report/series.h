// Series: curves made ready for a plot: means over stretches of steps, and fewer points.
//
//   std::vector<Point> bold = mean_of_stretches(run.windows, 1000);
//   std::vector<Point> faint = thinned(points, 2000);
//
// Left out: smoothing by anything but the mean.
#pragma once

#include <cstdint>
#include <vector>

#include "wavenet/log/history.h"
#include "wavenet/report/svg.h"

namespace wavenet::report {

inline constexpr std::size_t kMaxPoints = 2000;  // of a curve

// At most `limit` points that keep every peak: the lowest and the highest of each stretch.
std::vector<Point> thinned(const std::vector<Point>& points, std::size_t limit = kMaxPoints);

// The mean of all steps of each stretch of `length` steps, at its last step's number. A window
// counts for as many steps as it holds, in the stretch of its last step.
std::vector<Point> mean_of_stretches(const std::vector<WindowRecord>& windows, std::int64_t length);

// How many steps the window at `place` is the mean of, as its log tells by the windows beside it.
std::int64_t window_length(const std::vector<WindowRecord>& windows, std::size_t place);

// Values at most a hundredth of which lie outside.
Range middle_of(std::vector<double> values);

}  // namespace wavenet::report
