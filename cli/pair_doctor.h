// The doctor on a recording of an amplifier: IN.wav,OUT.wav.
//
//   if (is_pair(paths)) { print_pair(examine_pair(paths, recipe)); }
//
// Left out: the looking itself, which data/audio/doctor does.
#pragma once

#include <string>

#include "wavenet/base/config.h"
#include "wavenet/data/audio/doctor/pair_diagnosis.h"

namespace cli {

// Two files of sound with a comma between: what no list of words is.
bool is_pair(const std::string& paths);

// Shows how far it is.
wavenet::data::PairDiagnosis examine_pair(const std::string& paths, const wavenet::Config& recipe);

void print_pair(const wavenet::data::PairDiagnosis& found);

}  // namespace cli
