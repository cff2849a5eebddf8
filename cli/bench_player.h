// What bench does with an amplifier's model.
//
//   if (arguments.model.ends_with(".nam")) { return bench_player(arguments); }
//
// Left out: models that are trained (bench.cpp).
#pragma once

#include "cli/arguments.h"

namespace cli {

int bench_player(const BenchArguments& arguments);

}  // namespace cli
