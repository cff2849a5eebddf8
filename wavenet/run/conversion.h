// Converting a trained model to another kind that computes the same.
//
//   const std::optional<run::State> stack = run::as_convolution(run::open("runs/tree"));
//   train::write_checkpoint("stack.safetensors", stack->saved);
//
// Left out: formats of other programs.
#pragma once

#include <optional>

#include "wavenet/run/open.h"

namespace wavenet::run {

inline constexpr const char* kConvolutionKind = "convolution";  // its "model.kind"

// A tree as a stack of dilated convolutions (models/convolution.h). What the optimizer kept belongs
// to the tree's parameters and is dropped. Nothing for a model that is no tree.
std::optional<State> as_convolution(const State& tree);

}  // namespace wavenet::run
