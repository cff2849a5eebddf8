// Changes: what a run that goes on is asked to be, against what it was begun with. Only its number of
// steps may be another.
//
//   const std::vector<std::string> others = run::changes(recipe, begun);   // "train.clip is 1, was 0"
//   run::require_more_steps("runs/a", steps, begun);
//   const std::string command = run::command_of("runs/a", typed, steps);
//
// Left out: seeds and data, which a command may leave out (run.h).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wavenet/train/checkpoint.h"

namespace wavenet::run {

// A sentence a key in which the recipe differs from that of the run, train.steps left out.
std::vector<std::string> changes(const Config& recipe, const train::Checkpoint& begun);

// Throws Error, which names the folder, where the run cannot end at so many steps: it has more
// already, or its schedule belongs to another number of them.
void require_more_steps(const std::filesystem::path& folder, std::int64_t steps,
                        const train::Checkpoint& begun);

// The command that began the run in the folder, with the steps that it has now; `typed` where the
// folder does not tell.
std::string command_of(const std::filesystem::path& folder, const std::string& typed,
                       std::int64_t steps);

}  // namespace wavenet::run
