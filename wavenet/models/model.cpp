#include "wavenet/models/model.h"

#include <algorithm>

#include "wavenet/ops/view.h"

namespace wavenet::models {
namespace {

// i32 [B, T] -> [B T, R]: for each position the R tokens that end there.
Tensor windows_of(const Tensor& tokens, std::int64_t receptive_field) {
  const Tensor rows = contiguous(tokens);
  const std::int64_t length = rows.size(1);
  Tensor windows = Tensor::empty({rows.numel(), receptive_field}, DType::i32);
  auto* to = windows.data<std::int32_t>();
  for (std::int64_t b = 0; b < rows.size(0); ++b) {
    const auto* row = rows.data<std::int32_t>() + b * length;
    for (std::int64_t t = 0; t < length; ++t) {
      for (std::int64_t i = t - receptive_field + 1; i <= t; ++i) {
        *to++ = row[std::max<std::int64_t>(i, 0)];
      }
    }
  }
  return windows;
}

}  // namespace

void Model::fit(const std::vector<std::vector<std::int32_t>>&) {
  fail("{}: takes steps, and is not fitted at once", kind());
}

Tensor Model::logits(const Tensor& tokens) {
  check(tokens.rank() == 2 && tokens.dtype() == DType::i32 && tokens.numel() > 0,
        "{}: tokens must be i32 [B, T], got {} {}", kind(), tokens.dtype(), tokens.shape());
  if (reads_ == Reads::sequences) {
    return (*this)(tokens);
  }
  return reshape((*this)(windows_of(tokens, receptive_field_)),
                 {tokens.size(0), tokens.size(1), vocabulary_});
}

}  // namespace wavenet::models
