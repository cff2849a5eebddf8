// Whether two models play the same: nets, weights to the bit, sample rates; not versions and metadata.
//
//   same(nam::parse(nam::text_of(amp), "amp"), amp)   // true
#pragma once

#include "wavenet/nam/model.h"

namespace wavenet::nam {

bool same(const Model& a, const Model& b);

// Throws Error (usage) where a model lacks what every one has: arrays with layers, an LSTM's layers, a
// container's models.
void require_parts(const Model& model);

}  // namespace wavenet::nam
