// What one core can do at best: f32 multiply-adds in registers, at the width of this CPU's vectors.
//
//   const double gflops = cpu::peak_gflops();   // about 50 ms; 2 operations a multiply-add
//
// Speeds are given as a percentage of it, so that they can be compared across machines.
#pragma once

#include <cstdint>

namespace wavenet::cpu {

// Runs `rounds` of independent chains of multiply-adds; returns the number of operations.
double multiply_adds(std::int64_t rounds);

// The best of several short runs, in 10^9 operations a second.
double peak_gflops();

}  // namespace wavenet::cpu
