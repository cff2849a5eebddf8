// Sounds: a player of each sound of a run that a page has room for, its waveform over its spectrogram.
//
//   html += sounds_html(run);
//   const std::string picture = draw_sound(*heard_of(run).latest[0], {356, 270});
//
// Left out: which sounds these are (heard.h), and the sound's own numbers (sound/).
#pragma once

#include <cstdint>
#include <string>

#include "wavenet/log/history.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/heard.h"

namespace wavenet::report {

// Of a sound that is played and drawn: 3 seconds at 16 kHz, of an amplifier at 48 kHz.
inline constexpr std::int64_t kMostPlayed = 48'000;
inline constexpr std::int64_t kMostPlayedOfAnswer = 144'000;

// Waveform over spectrogram, on one axis of time.
std::string draw_sound(const SoundRecord& sound, Size size);

// The section of a page; empty where nothing can be heard.
std::string sounds_html(const History& run);

}  // namespace wavenet::report
