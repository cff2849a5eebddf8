#include "wavenet/ops/embedding.h"

#include <algorithm>
#include <string_view>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

constexpr const char* kName = "embedding";

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& tokens) {
  check(weight.rank() == 2 && is_float(weight.dtype()),
        "embedding: the table must be [V, C] of f32 or f64, got {} {}", weight.dtype(),
        weight.shape());
  check(tokens.dtype() == DType::i32, "embedding: tokens are i32, got {}", tokens.dtype());
  for (std::int32_t token : tokens.to_vector<std::int32_t>()) {
    check(token >= 0 && token < weight.size(0), "embedding: token {} is outside [0, {})", token,
          weight.size(0));
  }
  const Tensor flat = reshape(tokens.detach(), {-1});
  Shape shape = tokens.shape();
  shape.append(weight.size(1));
  Tensor y = Tensor::empty(shape, weight.dtype());
  backend().embedding(weight, flat, as_rows(y), Into::overwrite);
  autograd::record(kName, y, {weight, flat},
                   [flat](const Tensor& dy, const autograd::InputGradients& d) {
                     backend().embedding_backward(flat, as_rows(dy), d[0]);
                   });
  return y;
}

std::optional<EmbeddedRows> EmbeddedRows::of(const Tensor& x) {
  const autograd::Meta* made = x.meta().get();
  // A result that was walked back has lost its inputs.
  const auto is_result_of = [&](std::string_view op) {
    return made != nullptr && !made->inputs.empty() && made->op == op;
  };
  while (is_result_of("reshape") || is_result_of("watch")) {
    made = made->inputs[0].meta().get();
  }
  if (!is_result_of(kName)) {
    return std::nullopt;
  }
  const Tensor& weight = made->inputs[0];
  const Tensor& tokens = made->inputs[1];
  const std::int64_t channels = x.size(-1);
  if (channels == 0 || channels % weight.size(1) != 0) {
    return std::nullopt;
  }
  return EmbeddedRows{weight, reshape(tokens, {-1, channels / weight.size(1)})};
}

}  // namespace wavenet
