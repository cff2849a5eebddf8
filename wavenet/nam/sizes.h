// A model that can be had in several sizes, in one of them.
//
//   nam::Model small = nam::at_size(amp, 0);        // of a container the first; of an array the narrowest
//   nam::Model full = nam::at_size(amp, 1);         // the same as without a choice
//
// Left out: playing; whoever plays changes size by playing another model.
#pragma once

#include "wavenet/nam/model.h"

namespace wavenet::nam {

// The first with size < most, else the last. `size` is in [0, 1] here and below; Error (usage) beyond.
const Model& chosen(const Container& container, double size);

// The first channels of each array that can be sliced: of n widths the one at floor(size n). Throws Error
// (usage) where a layer that gets narrower has groups, FiLM or a head1x1, for which no rule is known.
WaveNet sliced(const WaveNet& net, double size);

// Through containers, then slices; any other model as it is.
Model at_size(const Model& model, double size);

}  // namespace wavenet::nam
