// SampleOptions: how words are drawn from a model.
//
//   generate::Words words(*model, {.temperature = 0.8, .max_length = 20}, /*seed=*/42);
//
// Left out: drawing a single code (output/output.h).
#pragma once

#include <cstdint>
#include <vector>

#include "wavenet/output/output.h"

namespace wavenet::generate {

struct SampleOptions {
  double temperature = 1.0;  // these four: see output::DrawOptions
  std::int64_t top_k = 0;
  double top_p = 1.0;
  double min_p = 0.0;
  std::int64_t max_length = 1000;      // tokens at most, prompt included
  std::int32_t stop = 0;               // ends a word as the end marker does
  std::vector<std::int32_t> prompt{};  // tokens to start from

  output::DrawOptions draws() const { return {temperature, top_k, top_p, min_p}; }
};

// Throws UsageError for values out of range.
void check_options(const SampleOptions& options);

}  // namespace wavenet::generate
