// Chosen: which sound files a recipe reads of the folders and files that were named.
//
//   const std::vector<std::string> exclude = data::names_in("old/,b.wav");   // "old", "b.wav"
//   const data::Chosen chosen = data::choose_files(data::paths_of("speech,more.wav"), exclude);
//   for (const sound::SoundFile& file : chosen.files) { ... }
//
// A name, or several parted by '/', leaves out every file and folder that has it, wherever it stands. Left
// out: reading.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "wavenet/sound/find.h"

namespace wavenet::data {

struct Chosen {
  std::vector<sound::SoundFile> files;
  std::vector<std::string> skipped;   // names of files that no reader knows
  std::vector<std::string> repeated;  // names of files that were named before, and are taken once
  std::size_t excluded = 0;           // files
};

// What such a text names: the file or folder that it is as a whole, or what stands between its commas.
// Throws Error where that is empty.
std::vector<std::string> paths_of(const std::string& paths);
// What stands between commas, folders without the '/' at their end: data.exclude.
std::vector<std::string> names_in(const std::string& list);
// Throws Error where there is no such folder or file, and where no sound file is left.
Chosen choose_files(const std::vector<std::string>& paths, const std::vector<std::string>& exclude);

}  // namespace wavenet::data
