// The sound files of a folder, by their names: the same list, in the same order, on every machine.
//
//   sound::Found found = sound::find_files("speech");
//   for (const sound::SoundFile& file : found.files) { sound::read(file.path, {}, sink); }
//
// Folders are searched to any depth; names that begin with a dot are skipped, symbolic links followed
// once. What has another extension than a sound's is left out and counted. Left out: opening them, so that
// a file here may still turn out to be no sound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::sound {

struct SoundFile {
  std::filesystem::path path;
  std::string name;  // relative to the folder, with '/' between its parts; of a file its own name
};

struct Found {
  std::vector<SoundFile> files;      // sorted by name, as bytes
  std::vector<std::string> skipped;  // names of files that no reader knows, sorted
};

// Of a folder: its files; of a file: that one, whatever its extension. Throws Error where there is none.
Found find_files(const std::filesystem::path& path);
// By its extension, upper or lower case.
bool is_sound_name(const std::filesystem::path& path);

}  // namespace wavenet::sound
