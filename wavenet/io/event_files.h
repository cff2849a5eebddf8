// The event files of a run folder, one for each session of the run. What an
// EventWriter does to them stands in events.h.
//
//   cut_event_files("runs/a", steps_done);
//   fs::path next = next_event_file("runs/a", seconds);
//
// A TensorBoard that watches the folder reads on from where it was in each file, so a file may be
// cut but never written to by a later session. Left out: files that other programs wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace wavenet::io {

// Removes the events of later steps, and a last record cut short by a kill.
void cut_event_files(const std::filesystem::path& folder, std::int64_t steps_done);

std::vector<std::filesystem::path> event_files_in(const std::filesystem::path& folder);

void remove_event_files(const std::filesystem::path& folder);

// A name that sorts after those of the earlier sessions, as the order of names is that of reading.
std::filesystem::path next_event_file(const std::filesystem::path& folder, std::int64_t seconds);

}  // namespace wavenet::io
