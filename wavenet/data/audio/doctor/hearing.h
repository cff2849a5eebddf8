// Hearing: one file of sound decoded once, block by block, with everything that is measured of it. A file of
// an hour needs some 20 MB meanwhile; what is kept of it are figures.
//
//   HeardFile heard = hear({"speech/a.wav", "a.wav"});
//   if (heard.problem.empty()) { ... heard.levels.peak, heard.clipping.full.runs, heard.hum ... }
//
// Levels, hum, band and words are those of the mix of the channels, as training reads it, but neither resampled
// nor clamped; clipping is looked for in each channel. Left out: what the figures mean (checks.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wavenet/data/audio/doctor/band.h"
#include "wavenet/data/audio/doctor/channels.h"
#include "wavenet/data/audio/doctor/clipping.h"
#include "wavenet/data/audio/doctor/fingerprint.h"
#include "wavenet/data/audio/doctor/hum.h"
#include "wavenet/data/audio/doctor/levels.h"
#include "wavenet/sound/find.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {

struct HeardFile {
  sound::SoundFile file;
  std::string problem{};               // why training cannot read it, without the file's name
  std::vector<std::string> strange{};  // what its header says and the file does not hold
  sound::Facts facts{};
  std::int64_t frames = 0;
  std::uint64_t hash = 0;  // of the decoded samples, rate and channels
  Levels levels{};
  Clipping clipping{};  // of the channel that has most of it
  Channels channels{};
  std::optional<BandLimit> band{};
  std::optional<Hum> hum{};
  double flatness = 0;                   // of the mean spectrum (band.h)
  std::vector<FingerprintWord> words{};  // taken out by who collects them
  double hop_seconds = 0;                // of the words

  double seconds() const;
  double seconds_at(std::int64_t frame) const;
  bool is_silent() const;  // nothing but silence, or the dither of it
};

// Throws only where no memory is left.
HeardFile hear(const sound::SoundFile& file);

}  // namespace wavenet::data
