// What sample and score do with a model of sound, and what other verbs of sound share with them.
//
//   if (const std::optional<std::int64_t> rate = opened.saved.codec->sample_rate()) {
//     return sample_sound(arguments, opened, *rate);
//   }
//
// Left out: what they do with characters (sample.cpp, score.cpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "wavenet/data/audio/heard.h"
#include "wavenet/run/open.h"

namespace cli {

int sample_sound(const SampleArguments& arguments, const wavenet::run::State& opened,
                 std::int64_t rate);
int score_sound(const ScoreArguments& arguments, wavenet::run::State& opened, std::int64_t rate);

// On standard error, what was changed of a file and what is strange about it.
void tell(const wavenet::data::Heard& heard);

// Flags, and whether each was given.
using Given = std::vector<std::pair<const char*, bool>>;
// Throws UsageError that names those that were: "sample: --stop is for a model of characters, runs/a
// is one of sound".
void refuse(const Given& flags, const char* verb, const char* meant_for, const std::string& model,
            const char* is);

}  // namespace cli
