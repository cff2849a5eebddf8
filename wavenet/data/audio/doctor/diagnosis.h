// SoundDiagnosis: a folder of sound looked at before training: what is wrong with which file, at what time, how
// much, and what to do.
//
//   data::SoundDiagnosis found = data::diagnose_sound({"speech"}, {.receptive_field = 2047});
//   for (const data::SoundFinding& finding : found.findings) { ... }   // the gravest first
//
// A finding is an error exactly where training would refuse the data. Each file is decoded once, block by
// block; those that resemble others once more. Left out: what only training can show (train/verdict.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/audio/doctor/levels.h"
#include "wavenet/data/audio/doctor/places.h"

namespace wavenet::data {

// What the recipe asks of the data.
struct SoundDoctorOptions {
  std::int64_t rate = 0;               // samples a second; 0: the files' own
  std::int64_t receptive_field = 0;    // samples that an answer depends on; 0: not known
  std::int64_t piece = 0;              // samples predicted together; 0: not known
  std::int64_t parameters = 0;         // of the model; 0: not known
  double val_share = 0.1;              // of each file, where the split by files leaves a part empty
  std::vector<std::string> exclude{};  // files whose names begin so are left out
  std::string fixed = "fixed";         // the folder that the findings' commands write to
};

struct SoundDiagnosis {
  std::string source;
  std::size_t files = 0;     // that are looked at
  std::size_t readable = 0;  // of them
  std::size_t excluded = 0;
  std::size_t repeated = 0;  // that were named twice, and are looked at once
  std::size_t skipped = 0;   // that are named as no sound
  double seconds = 0;
  std::map<std::int64_t, std::size_t> rates;     // -> files
  std::map<std::int64_t, std::size_t> channels;  // -> files
  std::map<std::string, std::size_t> formats;    // -> files
  std::int64_t samples = 0;                      // of the mix, at the files' own rates
  std::int64_t silent = 0;                       // of them
  float peak = 0;
  double rms = 0;            // of all samples
  LevelHistogram windows{};  // of 20 ms
  std::vector<SoundFinding> findings;

  bool has(Severity severity) const { return findings_of(findings, severity) > 0; }
  double silent_share() const;
};

// `paths`: folders with all below them, and files. `between` is called before each file. Throws Error where
// there is no such folder or file, or no file of sound in all of them.
SoundDiagnosis diagnose_sound(
    const std::vector<std::string>& paths, const SoundDoctorOptions& options,
    const Between& between = [](double) {});

}  // namespace wavenet::data
