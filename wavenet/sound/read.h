// Reading sound: whatever libsndfile decodes (WAV, AIFF, FLAC, Ogg Vorbis and Opus, MP3, ...) and
// Asterisk's raw .sln, .sln16, .sln44, as floats of one channel at the rate that is asked for.
//
//   sound::Facts facts = sound::look("a.flac");             // rate, channels, format; decodes nothing
//   sound::Report report = sound::read("a.flac", {.rate = 16000},
//                                      [&](std::span<const float> block) { ... });
//   std::vector<float> samples = sound::read_all("a.flac", {.rate = 16000});
//
// Sound is decoded by blocks until there is no more, whatever the header claims, and nothing is kept:
// memory does not grow with the file. Channels are mixed to their mean, then resampled (resample.h), then
// clamped to [-1, 1]; the Report tells what was changed, and `warnings` what is strange, as sentences that
// begin with the file's name. Throws Error for what is no sound, was cut short in its middle, holds no
// sample or one that is no finite number, or changes while it is read. Left out: seeking, tags, and what
// a file is named for: find.h finds the files of a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/sound/resample.h"

namespace wavenet::sound {

struct Facts {
  std::int64_t rate = 0;                // samples a second
  std::int64_t channels = 0;            // of each frame
  std::string format;                   // "WAV (Microsoft), Signed 16 bit PCM"
  std::optional<std::int64_t> claimed;  // frames, where the header says; it may lie
};

struct ReadOptions {
  std::optional<std::int64_t> rate{};  // none: the file's own
};

struct Report {
  Facts facts;
  std::int64_t frames = 0;   // decoded, at the file's rate
  std::int64_t samples = 0;  // handed on, at the rate asked for
  bool resampled = false;
  float peak = 0;            // the largest size of a sample handed on, before it was clamped
  std::int64_t clamped = 0;  // samples that lay beyond [-1, 1]
  bool cancels = false;      // channels that extinguish each other in the mix
  std::vector<std::string> warnings;
};

Facts look(const std::filesystem::path& path);
// What comes before an Error has been handed on by then.
Report read(const std::filesystem::path& path, const ReadOptions& options, const Sink& sink);
std::vector<float> read_all(const std::filesystem::path& path, const ReadOptions& options = {},
                            Report* report = nullptr);

}  // namespace wavenet::sound
