// The linear map of an embedding, by a table of what each token adds at each place: as there are
// fewer tokens than rows, less is multiplied.
//
//   products[k] = weight W_k                                 // W_k: rows k C to (k + 1) C of W
//   y[n] = bias + sum over k of products[k][tokens[n, k]]
//
// The result and the gradients are those of linear() but for rounding. linear() chooses it by
// itself while training; evaluation takes the plain product, whose bits do not depend on how many
// rows there are.
#pragma once

#include "wavenet/ops/embedding.h"

namespace wavenet {

// Whether the table takes fewer multiply-adds for these rows, forward and back.
bool is_worth_a_table(const EmbeddedRows& rows);
// weight: [K C, Cout], bias: [Cout] or undefined -> [N, Cout].
Tensor embedded_linear(const EmbeddedRows& rows, const Tensor& weight, const Tensor& bias);

}  // namespace wavenet
