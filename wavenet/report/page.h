// Page: a run as one HTML file that needs no network, and several runs side by side.
//
//   std::string html = page_of(read_history("runs/a"));
//   std::string both = comparison_of({read_history("runs/a"), read_history("runs/b")});
//
// While a run is under way its page asks the browser to load it again every 20 seconds. Long lists
// are cut, and say so, which keeps the file below 1.2 megabytes; with sounds to play, below 3. Left out:
// writing it (report.h).
#pragma once

#include <string>
#include <vector>

#include "wavenet/log/history.h"

namespace wavenet::report {

std::string page_of(const History& run);

// At least one run.
std::string comparison_of(const std::vector<History>& runs);

}  // namespace wavenet::report
