// The list of names that is compiled into the program, so that it trains without a file.
//
//   Words words = embedded_names();  // words.h
//
// The definition is generated at build time from data/ssa-2018.csv. Left out: sexes and counts.
#pragma once

#include <string_view>

namespace wavenet::data {

// One name a line.
extern const std::string_view kEmbeddedNames;

}  // namespace wavenet::data
