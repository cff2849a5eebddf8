// WAV files that the program writes where a user names them.
//
//   require_wav_name(arguments.out);
//   require_replaceable(arguments.out, arguments.overwrite);
#pragma once

#include <filesystem>

namespace cli {

// Of --out. Throws UsageError for a name that does not end in .wav.
void require_wav_name(const std::filesystem::path& out);

// Throws Error where something stands that is no WAV file, or is one and may not be replaced.
void require_replaceable(const std::filesystem::path& file, bool overwrite);

}  // namespace cli
