// The shapes that amplifiers' models usually have, and what follows from any shape.
//
//   nam::WaveNet net = nam::standard();                    // 13802 weights, all 0
//   nam::receptive_field({.net = nam::a2_full()});         // 6347 samples
//
// The first four are pairs of arrays of kernel 3 with tanh, as trainers up to 0.12 make them (A1); the
// other two one array of 23 layers with leaky ReLU, as later ones do (A2).
#pragma once

#include <cstdint>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

WaveNet standard();
WaveNet lite();
WaveNet feather();
WaveNet nano();
WaveNet a2_lite();
WaveNet a2_full();

// How many samples of the input an answer depends on, the present among them; 0 for an LSTM, which may
// remember for ever. Of a container that of its last model.
std::int64_t receptive_field(const Model& model);

// How many channels go in and come out.
std::int64_t inputs(const Model& model);
std::int64_t outputs(const Model& model);

// Samples of silence after which the answer is that to endless silence: the receptive field, and half a
// second for an LSTM (of 48 kHz where the rate is unknown).
std::int64_t settling(const Model& model);

}  // namespace wavenet::nam
