// What a model plays, in f64 and by plain loops over a whole signal: the specification of play/.
//
//   std::vector<double> out = nam::answer(amp, in);   // one channel in and out; as long as `in`
//
// Before the signal stands endless silence. An LSTM begins in the state of its file, then hears half a
// second of silence. Of a container the last model plays. Throws Error (shape) for another number of
// channels than the model reads. Left out: speed.
#pragma once

#include <span>
#include <vector>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

using Signal = std::vector<std::vector<double>>;  // [channels][time]

Signal answer(const Model& model, const Signal& input);
std::vector<double> answer(const Model& model, std::span<const float> input);

}  // namespace wavenet::nam
