// Report: a run folder as a page that anyone can open, written beside what it tells of.
//
//   report::write("runs/a", "a.html");
//   report::write_comparison({"runs/a", "runs/b"}, "both.html");
//   report::write_figures(read_history("runs/a"), "figures");   // each as an .svg file
//
// It reads metrics.jsonl, details.jsonl and run.json and nothing else, so it works on old runs and
// on a run that is still training. What a user names is replaced only where it is empty or a page
// or a drawing of this program; else that is an Error. Left out: models; figures of more than one
// run but their losses.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wavenet/log/history.h"

namespace wavenet::report {

inline constexpr std::size_t kMaxRuns = 50;  // of a comparison

// Whether a file that begins so is such a page.
bool is_page(std::string_view beginning);

// Replaces folder/report.html whole; from the process that trains, which knows whether the run is
// under way.
void write(const std::filesystem::path& folder, bool running);
// Replaces `page`; whether a process trains in the folder is seen by its lock.
void write(const std::filesystem::path& folder, const std::filesystem::path& page);

// Runs that share a name go by their folders.
std::vector<History> read_all(const std::vector<std::filesystem::path>& folders);

std::string comparison(const std::vector<std::filesystem::path>& folders);
void write_comparison(const std::vector<std::filesystem::path>& folders,
                      const std::filesystem::path& page);

// Makes the directory, and gives the files' paths.
std::vector<std::filesystem::path> write_figures(const History& run,
                                                 const std::filesystem::path& directory);
// The loss of all of them in one file.
std::vector<std::filesystem::path> write_figures(const std::vector<History>& runs,
                                                 const std::filesystem::path& directory);

}  // namespace wavenet::report
