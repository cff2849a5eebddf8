// What a diagnosis comes to, for whoever shows it: its lengths as a histogram, and all of it as JSON.
//
//   for (const data::LengthRow& row : data::length_rows(found, 16)) { ... }
//   data::json_of(found)                                // {"source":"names.txt","format":...}
//
// Left out: wording for a terminal, which the program adds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "wavenet/data/text/doctor/diagnosis.h"

namespace wavenet::data {

struct LengthRow {
  std::size_t first;  // characters of a line
  std::size_t last;
  std::size_t lines;
};

// At most `most` rows of equal width, and one of the few lines that are longer than nearly all.
std::vector<LengthRow> length_rows(const Diagnosis& found, std::size_t most);

// One line, without its end. A name of a file that is no UTF-8 keeps what can be read of it.
std::string json_of(const Diagnosis& found);

}  // namespace wavenet::data
