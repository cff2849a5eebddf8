// What a Fourier transform of one size looks up: its factors, and where it leaves which frequency.
//
//   const FftTables& tables = fft_tables(1024, 600);   // made once, kept for ever
//   tables.place[3];                                   // of frequency 3, in points
#pragma once

#include <cstdint>
#include <vector>

namespace wavenet::cpu {

struct FftTables {
  // Of the steps that make four transforms of one, the largest first: w^j, w^2j and w^3j, as real and
  // imaginary part each, for j below a quarter of the step's points.
  std::vector<std::vector<float>> steps;
  std::vector<std::int32_t> place;  // [fft]
  std::vector<float> window;        // [window], periodic Hann
};

// fft: a power of two, at least 8. Any thread may ask.
const FftTables& fft_tables(std::int64_t fft, std::int64_t window);

}  // namespace wavenet::cpu
