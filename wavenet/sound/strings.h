// Plucked strings, made by the program itself: the sound that is there without any file.
//
//   std::vector<float> a = sound::pluck({.hertz = 440, .seconds = 2, .decay = 1.5}, 8000, seed);
//   for (const sound::Clip& clip : sound::notes()) { ... }   // two minutes: "notes/01" to "notes/24"
//
// A string is a delay line that begins as noise and goes round through a low-pass filter of two taps
// (Karplus and Strong 1983), whose taps are weighted so that the fundamental falls by 60 dB in `decay`
// seconds, and through an all-pass filter that makes up the fraction of a sample by which its period
// differs from a whole number (Jaffe and Smith 1983). All of it goes by integers, and coefficients are
// rounded to 2^-30: the same samples on every machine. Left out: the body of an instrument.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wavenet::sound {

inline constexpr std::int64_t kNotesRate = 8000;

struct Pluck {
  double hertz = 440;
  double seconds = 1;  // how long it is heard
  double decay = 2;    // seconds in which the fundamental falls by 60 dB
};

// Within [-1, 1]. Throws Error unless the pitch is 20 Hz to an eighth of the rate, and the times are
// above 0 and at most a minute.
std::vector<float> pluck(const Pluck& string, std::int64_t rate, std::uint64_t seed);

struct Clip {
  std::string name;
  std::vector<float> samples;  // whole 32768ths, within [-0.9, 0.9]
};

// 24 clips of 5 seconds, in turn a melody, an arpeggio and strummed chords, in keys and scales of their
// own, each after 50 ms of silence. The rate must be 8000 to 192000.
std::vector<Clip> notes(std::int64_t rate = kNotesRate, std::uint64_t seed = 1);

}  // namespace wavenet::sound
