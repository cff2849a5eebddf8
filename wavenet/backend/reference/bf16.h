// What processors do with bf16, to the bit: rounding, and the order in which products are added.
//
//   float near = reference::rounded_to_bf16(1.0f + 0x1p-9f);   // 1
//   float sum = reference::plus_pair(0, {1, 2}, {3, 4});       // 2 * 4, then 1 * 3
//   sum = reference::plus_tile(sum, a, b);                     // 32 products in AMX's order
//
// Source: Intel's manual of instructions, VCVTNEPS2BF16, VDPBF16PS and TDPBF16PS; what it leaves open of
// the last was found by comparing with the instruction.
#pragma once

#include <array>

#include "wavenet/backend/backend.h"

namespace wavenet::reference {

// To nearest, ties to even; a subnormal becomes 0 with its sign, a NaN stays one.
float rounded_to_bf16(float x);

// The sum that vdpbf16ps leaves, all four operands being bf16 already: the second products first. A
// subnormal sum becomes 0 with its sign.
using Pair = std::array<float, 2>;
float plus_pair(float sum, const Pair& a, const Pair& b);

// The sum that tdpbf16ps leaves over the whole depth of a tile: the products of even places are one chain
// of multiply-adds from +0, those of odd places another; the two are added, then that to the sum.
// Subnormals count as 0 and become 0.
using TileRow = std::array<float, 32>;
float plus_tile(float sum, const TileRow& a, const TileRow& b);

// The order in which a product of matrices adds: pairs one after the other, or tiles of 32.
enum class Bf16Order { pairs, tiles };
// Loops over rounded operands. Products of matrices follow the order to the bit; what convolutions put
// into a pair or a tile depends on how a kernel walks, so there only the operands are rounded.
Backend& bf16_backend(Bf16Order order);

}  // namespace wavenet::reference
