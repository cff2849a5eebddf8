// Examine: data looked at as a recipe reads it, for `doctor`, which tells everything, and for
// `train`, which warns of what is graver than a note.
//
//   data::Diagnosis found = examine("names.txt", recipe, *model, kSeed);
//   warn_of_faults("names.txt", recipe, *model, kSeed);
//   doctor_command(arguments, "a.txt", 7) == "wavenet doctor a.txt --recipe mlp-3 --split-seed 7"
//
// Left out: the looking itself, which data/text/doctor does.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "wavenet/base/config.h"
#include "wavenet/data/text/doctor/diagnosis.h"
#include "wavenet/models/model.h"

namespace cli {

// `path`: empty for the embedded names, "-" for standard input. Shows how far it is. Throws Error
// where the data cannot be read.
wavenet::data::Diagnosis examine(const std::string& path, const wavenet::Config& recipe,
                                 const wavenet::models::Model& model, std::uint64_t split_seed);

// On standard error, one line a warning; true where there is any. Only of files, and not of those
// so large that looking would take seconds.
bool warn_of_faults(const std::string& path, const wavenet::Config& recipe,
                    const wavenet::models::Model& model, std::uint64_t split_seed);

// What looks at the data as `train` reads it by these arguments.
std::string doctor_command(const TrainArguments& arguments, const std::string& path,
                           std::uint64_t split_seed);

}  // namespace cli
