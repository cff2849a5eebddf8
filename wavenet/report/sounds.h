// Sounds: what of a run can be heard, and which of it a page has room for.
//
//   const Heard heard = heard_of(run);
//   for (const SoundRecord* sound : heard.latest) { html += player(*sound); }
//
// Left out: the sound's own numbers (sound/).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wavenet/log/history.h"
#include "wavenet/report/figures.h"

namespace wavenet::report {

inline constexpr std::size_t kMostLatest = 3;
inline constexpr std::size_t kMostEarlier = 3;
inline constexpr std::size_t kMostExcerpts = 3;
// Of a sound that is played and drawn: 3 seconds at 16 kHz.
inline constexpr std::int64_t kMostPlayed = 48'000;

struct Heard {
  std::vector<const SoundRecord*> latest;    // drawn at the last evaluation
  std::vector<const SoundRecord*> earlier;   // one of each of a few evaluations before it, in order
  std::vector<const SoundRecord*> excerpts;  // of the data
  std::size_t latest_found = 0;              // of which `latest` are the first
  std::size_t excerpts_found = 0;
};

// A sound that was logged twice counts once, as it was logged last; one without samples not at all.
Heard heard_of(const History& run);

// Waveform over spectrogram, on one axis of time.
std::string draw_sound(const SoundRecord& sound, Size size);

// The section of a page; empty where nothing can be heard.
std::string sounds_html(const History& run);

}  // namespace wavenet::report
