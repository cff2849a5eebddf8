// gradcheck: holds a function's gradients against central differences, in f64.
//
//   GradCheck result = gradcheck([](const auto& in) { return tanh(in[0]); }, {x});
//   EXPECT_TRUE(result.ok) << result.message;
//
// Left out: f32, in which differences say little, and points where the function has a kink.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

struct GradCheck {
  bool ok = true;
  double worst = 0;     // largest |analytic - numeric| / max(1, |numeric|)
  std::string message;  // which input and element disagree, and by what
};

// `f` maps f64 inputs to an f64 tensor of any shape; its elements are weighed with fixed uneven
// weights to make one number. Inputs of i32 are passed on unchecked. Each input element x is moved
// by +-step; the gradients must agree within `tolerance`.
GradCheck gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                    const std::vector<Tensor>& inputs, double step = 1e-6, double tolerance = 1e-7);

}  // namespace wavenet
