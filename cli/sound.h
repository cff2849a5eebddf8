// What sample and score do with a model of sound, and what other verbs of sound share with them.
//
//   if (const data::MuLaw* sound = data::sound_of(*opened.saved.codec)) {
//     return sample_sound(arguments, opened, *sound);
//   }
//
// Left out: what they do with characters (sample.cpp, score.cpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/run/open.h"

namespace cli {

int sample_sound(const SampleArguments& arguments, const wavenet::run::State& opened,
                 const wavenet::data::MuLaw& codec);
int score_sound(const ScoreArguments& arguments, wavenet::run::State& opened,
                const wavenet::data::MuLaw& codec);

// A file's codes at that rate, the first `most` of them; what was changed to get them is said on
// standard error.
std::vector<std::uint8_t> codes_of_file(const std::filesystem::path& path, std::int64_t rate,
                                        std::int64_t most);

// Of --out. Throws UsageError unless the name ends in .wav; Error where there is a file that --overwrite
// is needed to replace, or that is no WAV file.
void check_wav_name(const std::filesystem::path& out);
void require_replaceable_wav(const std::filesystem::path& file, bool overwrite);

// Flags, and whether each was given.
using Given = std::vector<std::pair<const char*, bool>>;
// Throws UsageError that names those that were: "sample: --stop is for a model of characters, runs/a
// is one of sound".
void refuse(const Given& flags, const char* verb, const char* meant_for, const std::string& model,
            const char* is);

}  // namespace cli
