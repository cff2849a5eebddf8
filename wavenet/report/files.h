// Files: the loss of each file of val at the end of a run.
//
//   const std::vector<FileLossRecord::File> files = file_losses(run);   // the worst first
//
// Left out: the losses of other parts.
#pragma once

#include <string>
#include <vector>

#include "wavenet/log/history.h"
#include "wavenet/report/figures.h"

namespace wavenet::report {

inline constexpr std::size_t kMostFiles = 20;  // of the table

// Of the last evaluation that told them.
std::vector<FileLossRecord::File> file_losses(const History& run);

// A table for a page; empty where nothing is told.
std::string file_losses_html(const History& run);

}  // namespace wavenet::report
