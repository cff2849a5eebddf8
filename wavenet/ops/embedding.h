// Rows of a table, one a token.
//
//   Tensor x = embedding(weight, tokens);   // weight: [V, C], tokens: i32 [B, T] -> [B, T, C]
//
// Left out: a padding row that learns nothing.
#pragma once

#include <optional>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

// Throws Error for a token outside [0, V).
Tensor embedding(const Tensor& weight, const Tensor& tokens);

// What a tensor is made of whose every row is K rows of an embedding side by side.
struct EmbeddedRows {
  Tensor weight;  // [V, C]
  Tensor tokens;  // i32 [N, K]

  // x: [..., K C]; nothing when x is not the recorded result of embedding(), reshaped or not.
  static std::optional<EmbeddedRows> of(const Tensor& x);
};

}  // namespace wavenet
