// Start: how a training run begins: anew, or where an earlier one was left.
//
//   Start start = begin(arguments);       // the recipe, the data and the model; nothing is written
//   take_folder(start, start.state.saved.recipe, arguments);  // once the recipe is known to be sound
//
// A run that goes on takes from its file whatever the command leaves out: recipe, data, seeds.
// What the command does say must be what the run was begun with; only the steps may be others.
// Left out: the steps, and the files they leave.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "wavenet/base/folder_lock.h"
#include "wavenet/data/dataset.h"
#include "wavenet/run/open.h"

namespace cli {

struct Start {
  wavenet::run::State state;
  std::shared_ptr<const wavenet::data::Dataset> data;
  std::filesystem::path folder;
  std::string command;                        // that repeats the run
  std::optional<wavenet::FolderLock> lock{};  // held while the run may write
};

// Throws Error, or UsageError, for data that is refused, a folder that holds a run already or that
// another process trains in, and a run that cannot go on so.
Start begin(const TrainArguments& arguments);

// Makes the folder and locks it; of the numbered ones the first that nobody else has by then. What
// is in it stays as it is. Throws Error where that fails, and UsageError for a key of the recipe
// that nothing asked for, under the name of the flag that set it.
void take_folder(Start& start, const wavenet::Config& recipe, const TrainArguments& arguments);

}  // namespace cli
