#include "wavenet/models/model.h"

#include <algorithm>

#include "wavenet/ops/view.h"
#include "wavenet/output/categorical.h"

namespace wavenet::models {
namespace {

// i32 [B, T] -> [B (T - past), R]: for each position from `past` on the R tokens that end there.
Tensor windows_of(const Tensor& tokens, std::int64_t past, std::int64_t receptive_field) {
  const Tensor rows = contiguous(tokens);
  const std::int64_t length = rows.size(1);
  Tensor windows = Tensor::empty({rows.size(0) * (length - past), receptive_field}, DType::i32);
  auto* to = windows.data<std::int32_t>();
  for (std::int64_t b = 0; b < rows.size(0); ++b) {
    const auto* row = rows.data<std::int32_t>() + b * length;
    for (std::int64_t t = past; t < length; ++t) {
      for (std::int64_t i = t - receptive_field + 1; i <= t; ++i) {
        *to++ = row[std::max<std::int64_t>(i, 0)];
      }
    }
  }
  return windows;
}

}  // namespace

Model::Model(const Signature& signature, SharedOutput output)
    : signature_(signature),
      output_(output ? std::move(output)
                     : std::make_shared<output::Categorical>(signature.vocabulary)) {
  check(output_->width() >= 1, "model: an output of width {} gives nothing", output_->width());
}

void Model::begin_after(std::int32_t code) {
  check(code >= 0 && code < vocabulary(), "{}: begins after code {}, which is none of 0 to {}",
        kind(), code, vocabulary() - 1);
  before_ = code;
}

void Model::fit(const std::vector<std::vector<std::int32_t>>&) {
  fail("{}: takes steps, and is not fitted at once", kind());
}

void Model::check_inputs(const Inputs& inputs) const {
  const Tensor& tokens = inputs.x;
  check(tokens.rank() == 2 && tokens.dtype() == DType::i32 && tokens.numel() > 0,
        "{}: tokens must be i32 [B, T], got {} {}", kind(), tokens.dtype(), tokens.shape());
  check(inputs.rows.past >= 0 && inputs.rows.past < tokens.size(1),
        "{}: a past of {} rows leaves none of {}", kind(), inputs.rows.past, tokens.shape());
}

Tensor Model::everywhere(const Inputs& inputs) {
  check_inputs(inputs);
  if (reads() == Reads::sequences) {
    return raw(inputs);
  }
  check(inputs.rows.starts == nullptr, "{}: reads windows, and no packed sequences", kind());
  const std::int64_t past = inputs.rows.past;
  return reshape(raw({.x = windows_of(inputs.x, past, receptive_field())}),
                 {inputs.x.size(0), inputs.x.size(1) - past, output_->width()});
}

std::vector<double> Model::losses(const Inputs& inputs, const Tensor& targets) {
  return output_->losses(everywhere(inputs), targets);
}

output::Score Model::judge(const Inputs& inputs, const Tensor& targets) {
  return output_->judge(everywhere(inputs), targets);
}

Tensor Chain::raw(const Inputs& inputs) {
  check(inputs.rows.past == 0 && inputs.rows.starts == nullptr,
        "{}: reads windows, of which every row is wanted", kind());
  Tensor x = inputs.x;
  for (nn::Layer* layer : layers_) {
    x = (*layer)(x);
  }
  return x;
}

}  // namespace wavenet::models
