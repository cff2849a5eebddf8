#include "wavenet/nn/init.h"

#include <cmath>

#include "wavenet/ops/create.h"

namespace wavenet::nn {

Tensor linear_weight(std::int64_t in, std::int64_t out, Rng& rng, double gain) {
  check(in >= 1 && out >= 1, "linear: sizes must be at least 1, got {} and {}", in, out);
  Tensor weight = randn({in, out}, rng);
  const float root = static_cast<float>(std::sqrt(static_cast<double>(in)));
  for (std::int64_t i = 0; i < weight.numel(); ++i) {
    weight.data<float>()[i] = weight.data<float>()[i] / root * static_cast<float>(gain);
  }
  return weight;
}

}  // namespace wavenet::nn
