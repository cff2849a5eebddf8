// What a model costs by the book: multiply-adds of its products for one predicted token, forward.
// A training step takes three times as many, one for the forward pass and two for the way back.
//
//   const double flop = 2.0 * 3 * models::multiply_adds(model) * targets_in_a_step;
//
// Left out: everything that is not a product of matrices, and 0 for models that only count.
#pragma once

#include "wavenet/models/convolution.h"
#include "wavenet/models/mlp.h"
#include "wavenet/models/tree.h"
#include "wavenet/models/wavenet.h"

namespace wavenet::models {

std::int64_t multiply_adds(const MlpOptions& options);
std::int64_t multiply_adds(const TreeOptions& options);
std::int64_t multiply_adds(const ConvolutionOptions& options);
std::int64_t multiply_adds(const WaveNetOptions& options);
std::int64_t multiply_adds(const Model& model);

}  // namespace wavenet::models
