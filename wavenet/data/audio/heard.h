// Heard: one file of sound as a model of sound hears it: codes of one channel at the model's rate.
//
//   const data::Heard heard = data::hear("hello.flac", /*rate=*/8000);
//   heard.codes;                                                 // one byte a sample
//   for (const std::string& warning : heard.warnings) { ... }    // what is strange about the file
//
// Left out: many files, their cache and their split (takes.h, sounds.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace wavenet::data {

// Sentences begin with the file's name.
struct Heard {
  std::vector<std::uint8_t> codes;
  std::vector<std::string> notes;  // what was changed: channels mixed, rate, samples clamped
  std::vector<std::string> warnings;
};

// The first `most` codes, or all. The file is decoded to its end even so: whether it is whole, and
// what is strange about it, is known only there. Throws Error for what is no sound (sound/read.h).
Heard hear(const std::filesystem::path& path, std::int64_t rate,
           std::int64_t most = std::numeric_limits<std::int64_t>::max());

}  // namespace wavenet::data
