// The gated activation unit: tanh(filter) sigmoid(gate) (van den Oord et al. 2016, equation 2).
//
//   Tensor z = gate(filter_conv(x), gate_conv(x));   // both [B, T, C] -> [B, T, C]
//
// One sweep over memory where tanh(f) * sigmoid(g) takes three. Left out: broadcasting.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Throws Error when shapes or types differ.
Tensor gate(const Tensor& filter, const Tensor& gate);

}  // namespace wavenet
