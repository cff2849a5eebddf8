// How loud an amplifier's model plays, and how much it saturates, as metadata of .nam files have it.
//
//   nam::Model amp = nam::read("plexi.nam");
//   amp.metadata.loudness = play::loudness(amp, noise);   // dB
//   amp.metadata.gain = play::gain(amp, noise);           // 0 linear, 1 saturated
//
// Both say something only beside other models' that were played the same noise. Left out: that noise.
#pragma once

#include <span>

#include "wavenet/nam/model.h"

namespace wavenet::play {

// 20 log10 of the RMS of the answer, DC and all; -infinity where the model is silent.
double loudness(const nam::Model& model, std::span<const float> noise);
// Of RMS r_j at a tenth to ten tenths of the noise's level, with r_0 that at silence:
// (sum of r_j - 5.5 r_10) / (5.5 r_10), held in [0, 1]. NaN where the model is silent.
double gain(const nam::Model& model, std::span<const float> noise);

}  // namespace wavenet::play
