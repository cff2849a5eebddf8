// window_for: how many steps a window of the log is the mean of, where nobody says so.
#pragma once

#include <cstdint>

namespace wavenet::logs {

// 1,000 as in the article, or a round number below it that leaves a short run twenty windows.
std::int64_t window_for(std::int64_t steps);

}  // namespace wavenet::logs
