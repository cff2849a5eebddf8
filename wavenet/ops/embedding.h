// Rows of a table, one a token.
//
//   Tensor x = embedding(weight, tokens);   // weight: [V, C], tokens: i32 [B, T] -> [B, T, C]
//
// Left out: a padding row that learns nothing.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Throws Error for a token outside [0, V).
Tensor embedding(const Tensor& weight, const Tensor& tokens);

}  // namespace wavenet
