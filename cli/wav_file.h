// WAV files that the program writes where a user names them.
//
//   require_replaceable("in.wav", arguments.overwrite);
#pragma once

#include <filesystem>

namespace cli {

// Throws Error where something stands that is no WAV file, or is one and may not be replaced.
void require_replaceable(const std::filesystem::path& file, bool overwrite);

}  // namespace cli
