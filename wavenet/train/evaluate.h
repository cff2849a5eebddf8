// The loss of a model over whole sequences.
//
//   double val = train::mean_loss(
//       *model, [&](const Tensor& tokens) { return model->logits(tokens); },
//       corpus.val, model->receptive_field(), /*threads=*/2);
//
// The model is in evaluation mode meanwhile, and in the mode that it had after. One call at a time
// on a model that trains; several on one that evaluates already.
// Left out: losses of single tokens, which `wavenet score` shows.
#pragma once

#include <functional>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/sequences.h"
#include "wavenet/data/windows.h"
#include "wavenet/nn/module.h"

namespace wavenet::train {

// tokens: i32 [B, T] -> [B, T, V]; called from several threads at once.
using Logits = std::function<Tensor(const Tensor& tokens)>;

// Mean cross entropy over all tokens of all sequences, in nats. Long sequences are cut into pieces,
// each read after as much of its past as the model sees. The pieces are fixed, so the bits do not
// depend on `threads`. `model` is what `logits` computes with. Throws Error when there is nothing
// to predict.
double mean_loss(nn::Module& model, const Logits& logits,
                 const std::vector<data::Sequence>& sequences, std::int64_t receptive_field,
                 int threads = 1, const Between& between = {});

// The same for a module that reads windows.
double mean_loss(nn::Module& model, const data::Windows& windows, int threads = 1);

}  // namespace wavenet::train
