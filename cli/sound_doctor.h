// The doctor on sound: looks at the files that a recipe reads, and shows what was found.
//
//   if (data::reads_sound(recipe)) { print_sound(examine_sound("speech", recipe, *model)); }
//
// Left out: the looking itself, which data/audio/doctor does.
#pragma once

#include <string>

#include "wavenet/base/config.h"
#include "wavenet/data/audio/doctor/diagnosis.h"
#include "wavenet/models/model.h"

namespace cli {

// `paths`: a folder, a file, or several of them with commas between. Shows how far it is. Throws Error where
// there is nothing to look at.
wavenet::data::SoundDiagnosis examine_sound(const std::string& paths, const wavenet::Config& recipe,
                                            const wavenet::models::Model& model);

void print_sound(const wavenet::data::SoundDiagnosis& found);

}  // namespace cli
