// The layers of a model that look back in time, as what they are to a drawing: widths and
// dilations.
//
//   for (const StackLayer& layer : models::stack_of(*model)) { ... }   // from the input upwards
//   models::seen_by_last(layers, l)   // which inputs of layer l the last output depends on
//
// A tree's fusion is a layer of width 2, an MLP's window one layer as wide. Left out: counting
// models.
#pragma once

#include <string>
#include <vector>

#include "wavenet/models/model.h"

namespace wavenet::models {

struct StackLayer {
  std::string name;
  std::int64_t width;
  std::int64_t dilation;
};

// Empty for a model without such layers.
std::vector<StackLayer> stack_of(const Model& model);

// 1 + the sum of (width - 1) dilation.
std::int64_t receptive_field(const std::vector<StackLayer>& stack);

// How far back each input of layer `index` lies on which the last output depends: sorted, 0 first.
std::vector<std::int64_t> seen_by_last(const std::vector<StackLayer>& stack, std::size_t index);

}  // namespace wavenet::models
