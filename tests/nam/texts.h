// What the tests of .nam files share: a small file as text, and edits of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace wavenet::nam {

// One layer of one channel; ten weights.
inline const std::string kTiny =
    R"({"version": "0.5.4", "architecture": "WaveNet", "config": {"layers": [{"input_size": 1, )"
    R"("condition_size": 1, "head_size": 1, "channels": 1, "kernel_size": 2, "dilations": [3], )"
    R"("activation": "Tanh", "gated": false, "head_bias": true}], "head": null, "head_scale": 1.0}, )"
    R"("weights": [0.5, 0.25, -0.75, 0.125, 1.5, 2, -0.5, 0.3, 0.1, 0.7], "sample_rate": 48000})";

inline std::string edited(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

}  // namespace wavenet::nam
