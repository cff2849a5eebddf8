// What a diagnosis of sound comes to, for whoever shows it: its levels as a histogram, and all of it as JSON.
//
//   for (const data::LevelRow& row : data::level_rows(found)) { ... }
//   data::json_of(found)                                // {"source":"speech","format":"sound",...}
//
// Left out: wording for a terminal, which the program adds.
#pragma once

#include <string>
#include <vector>

#include "wavenet/data/audio/doctor/diagnosis.h"

namespace wavenet::data {

struct LevelRow {
  int from;  // dB
  int to;
  std::int64_t windows;  // of 20 ms
  double share;
};

// The loudest first; rows beyond the loudest and the quietest windows are left out.
std::vector<LevelRow> level_rows(const SoundDiagnosis& found);

std::string text_of(const LevelRow& row);  // "-12 to -6", "below -90"

// One line, without its end.
std::string json_of(const SoundDiagnosis& found);

}  // namespace wavenet::data
