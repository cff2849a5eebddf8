#include "wavenet/nn/ordered_embedding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace wavenet::nn {
namespace {

// Fills channel c with a function of y, scaled to a mean square of 1.
void fill(const Tensor& embedding, std::int64_t c, const std::function<double(double)>& function) {
  const std::int64_t codes = embedding.size(0);
  const std::int64_t channels = embedding.size(1);
  const auto level = [&](std::int64_t code) {
    return codes == 1 ? 0 : 2 * static_cast<double>(code) / static_cast<double>(codes - 1) - 1;
  };
  double squares = 0;
  for (std::int64_t code = 0; code < codes; ++code) {
    squares += std::pow(function(level(code)), 2);
  }
  const double scale = squares > 0 ? std::sqrt(static_cast<double>(codes) / squares) : 0;
  for (std::int64_t code = 0; code < codes; ++code) {
    embedding.data<float>()[code * channels + c] =
        static_cast<float>(scale * function(level(code)));
  }
}

}  // namespace

void order_rows(const Tensor& embedding, Rng& rng) {
  constexpr double kOctaves = 7;  // from half a half period to 64
  const auto codes = static_cast<double>(embedding.size(0));
  const std::int64_t channels = embedding.size(1);
  fill(embedding, 0, [](double y) { return y; });
  if (channels > 1) {
    fill(embedding, 1,
         [&](double y) { return std::copysign(std::pow(codes, std::abs(y)) - 1, y); });
  }
  for (std::int64_t c = 2; c < channels; ++c) {
    const double place =
        static_cast<double>(c - 2) / static_cast<double>(std::max<std::int64_t>(1, channels - 3));
    const double half_periods = 0.5 * std::exp2(kOctaves * place);
    const double phase = 2 * std::numbers::pi * rng.uniform_double();
    fill(embedding, c,
         [&](double y) { return std::cos(std::numbers::pi / 2 * half_periods * (y + 1) + phase); });
  }
}

}  // namespace wavenet::nn
