// Where the codes of sound files are kept between runs: the folder, and in it a name for each choice of files.
//
//   const std::filesystem::path folder = cache_folder();   // $XDG_CACHE_HOME/wavenet
//   const CodesFile file(cached(folder, files, options_that_count));
//
// Left out: what stands there (codes_file.h).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wavenet/sound/find.h"

namespace wavenet::data {

// Or ~/.cache/wavenet; empty where neither XDG_CACHE_HOME nor HOME says where.
std::filesystem::path cache_folder();

// A name that changes with each file, and with `how`, which says all else that the codes depend on. Throws
// Error where a file is gone.
std::filesystem::path cached(const std::filesystem::path& folder,
                             const std::vector<sound::SoundFile>& files, const std::string& how);

// Removes what runs that were killed left half written there: temporary files of such names into which
// nobody has written for an hour. A run that only waited for so long reads its sound without a cache.
void remove_left_behind(const std::filesystem::path& folder);

}  // namespace wavenet::data
