// What processors do with bf16, to the bit: rounding, and the order in which products are added.
//
//   float near = reference::rounded_to_bf16(1.0f + 0x1p-9f);   // 1
//   float sum = reference::plus_pair(0, {1, 2}, {3, 4});       // 2 * 4, then 1 * 3
//
// Source: Intel's manual of instructions, VCVTNEPS2BF16 and VDPBF16PS.
#pragma once

#include <array>

namespace wavenet::reference {

// To nearest, ties to even; a subnormal becomes 0 with its sign, a NaN stays one.
float rounded_to_bf16(float x);

// The sum that vdpbf16ps leaves, all four operands being bf16 already: the second products first. A
// subnormal sum becomes 0 with its sign.
using Pair = std::array<float, 2>;
float plus_pair(float sum, const Pair& a, const Pair& b);

}  // namespace wavenet::reference
