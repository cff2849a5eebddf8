// run.json: what a report says of a run besides its log: the command and recipe that repeat it, the
// model's layers, the data, and the marks to beat.
#pragma once

#include "cli/judge.h"
#include "cli/run_files.h"

namespace cli {

// Written into `folder` as a run begins or goes on. `command`: what repeats it.
void write_run_card(const std::filesystem::path& folder, const std::string& command, Run& run,
                    const wavenet::data::Corpus& corpus, const wavenet::Marks& marks);

}  // namespace cli
