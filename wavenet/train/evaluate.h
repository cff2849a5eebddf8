// Judging a model on a part of the data.
//
//   const data::SequencePass pass(corpus.val(), train::pass_options(*model));
//   const double val = train::judge(*model, pass, /*threads=*/2).mean();   // nats a target
//   const double same = train::mean_loss(*model, corpus.val(), /*threads=*/2);
//
// The model is in evaluation mode meanwhile, and in the mode that it had after. One call at a time
// on a model that trains; several on one that evaluates already. No bit depends on the number of
// threads. Left out: which data is judged (run/judge.h).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/pass.h"
#include "wavenet/data/text/windows.h"
#include "wavenet/models/model.h"

namespace wavenet::train {

// How a pass is to be cut for the model: as much past as it sees; pieces that fit the second-level
// cache, or are twice as long as that past, which each reads; and of what it gives at most 16 MiB, or as
// many targets as it sees past.
data::PassOptions pass_options(const models::Model& model);

// The loss of every target of the pass. Throws Error when there is nothing to predict.
output::Score judge(models::Model& model, const data::Pass& pass, int threads = 1,
                    const Between& between = {});

// What the model makes of a pass whose answers are samples: [targets]; of nets side by side the last one's.
std::vector<float> answers(models::Model& model, const data::Pass& pass, int threads = 1,
                           const Between& between = {});

// The mean loss of sequences.
double mean_loss(models::Model& model, const std::vector<data::Sequence>& sequences,
                 int threads = 1, const Between& between = {});

// -ln p of each code of one sequence, before which stands model.before() for ever.
std::vector<double> losses(models::Model& model, const data::Sequence& sequence);
// The same of codes that fill a byte each, handed on in order as they come: what is held at a time
// does not grow with the sequence.
using LossSink = std::function<void(std::span<const double>)>;
void losses(models::Model& model, std::span<const std::uint8_t> codes, int threads,
            const LossSink& sink);

// The mean cross entropy of layers that read windows, as examples build them by hand.
double mean_loss(nn::Layer& model, const data::Windows& windows, int threads = 1);

}  // namespace wavenet::train
