// Checks of sound: each looks at what was measured of all files, and says what that means.
//
//   check_files(files, options, findings);
//   check_folder(files, options, findings);
//
// Left out: measuring (hearing.h).
#pragma once

#include <string>
#include <vector>

#include "wavenet/data/audio/doctor/diagnosis.h"
#include "wavenet/data/audio/doctor/hearing.h"

namespace wavenet::data {

using HeardFiles = std::vector<HeardFile>;
using SoundFindings = std::vector<SoundFinding>;

inline constexpr float kVeryQuiet = 0.01F;  // a peak of -40 dB: of 16 bits 9 are left

// Of each file by itself: what cannot be read, headers, no sound at all, clipping, levels, DC, hum, band.
void check_files(const HeardFiles& files, const SoundDoctorOptions& options,
                 SoundFindings& findings);
// Of the files together: rates, channels, lengths, how much there is, how unequal levels are.
void check_folder(const HeardFiles& files, const SoundDoctorOptions& options,
                  SoundFindings& findings);
// The same sound twice, or the same take at another level or a little later. Reads files again.
void check_repeats(const HeardFiles& files, Fingerprints& fingerprints, SoundFindings& findings,
                   const Between& between);

// That its level statistics are those of no sound, as of text or packed data; says which. Empty: they are not.
std::string no_sound(const HeardFile& heard);
// Read, not silent and not such: what is worth measuring.
bool is_sound(const HeardFile& heard);

// What makes `fixed`/NAME.wav of the file; without the dither that sox adds unasked.
std::string sox_command(const sound::SoundFile& file, const std::string& fixed,
                        const std::string& effects);
// "1 file", "7 files".
std::string files_text(const SoundPlaces& where);
std::string decibels_text(double amplitude);  // "-20.1 dB"

}  // namespace wavenet::data
