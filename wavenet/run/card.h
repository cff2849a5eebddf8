// A run's card (its metadata): what run.json says of it.
//
//   write_file_atomically(folder / "run.json", text_of(run::info_of(state, *data, marks, command)));
//
// Left out: the format (log/run_info.h).
#pragma once

#include "wavenet/data/dataset.h"
#include "wavenet/log/run_info.h"
#include "wavenet/run/open.h"

namespace wavenet::run {

// `command`: what repeats the run.
RunInfo info_of(State& state, const data::Dataset& data, const Marks& marks,
                const std::string& command);

}  // namespace wavenet::run
