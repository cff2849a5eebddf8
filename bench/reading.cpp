// Reads sound files and codes them by mu-law, as training does before it begins.
//
//   build/release/bench/reading FILE...   ->   a.wav 57600000 samples, the last with code 131
//
// bench/reading.sh has it beside sox.
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/read.h"

int main(int argc, char** argv) {
  using namespace wavenet;
  try {
    for (const char* path : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
      std::vector<std::uint8_t> codes;
      const sound::Report report = sound::read(path, {}, [&](std::span<const float> block) {
        codes.resize(block.size());
        sound::code(block, codes);
      });
      fmt::print("{} {} samples, the last with code {}\n", path, report.samples, codes.back());
    }
  } catch (const Error& error) {
    fmt::print(stderr, "reading: {}\n", error.what());
    return 1;
  }
}
