// Judging a model: its loss, and what stands beside it: marks that cost no training, and how much
// of the judged words the model may know by heart.
//
//   const double loss = loss_of(*model, corpus.val, threads);
//   const Marks marks = marks_of(corpus, "val");
//   const std::optional<Leak> leak = leak_of(*model, corpus, "val", threads);
//
// Left out: which data is judged.
#pragma once

#include <optional>
#include <string>

#include "wavenet/base/stop.h"
#include "wavenet/data/corpus.h"
#include "wavenet/data/reading.h"
#include "wavenet/log/records.h"
#include "wavenet/models/model.h"

namespace wavenet::run {

// The loss of `model`, which must be in evaluation mode, over sequences.
double loss_of(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
               const Between& between = {});

// Losses on one part of the data of models that only count, fitted to its train part.
Marks marks_of(const data::Corpus& corpus, const std::string& part);
Marks marks_of(const data::Part& judged, const data::Part& train, std::int64_t vocabulary);

// Words of a part that also stand in train, and the model's loss on those and on the others.
struct Leak {
  std::int64_t words;
  std::int64_t seen;
  double seen_loss;    // NaN where there is none
  double unseen_loss;  // NaN where there is none
};
// Nothing for running text.
std::optional<Leak> leak_of(models::Model& model, const data::Corpus& corpus,
                            const std::string& part, int threads, const Between& between = {});
std::optional<Leak> leak_of(models::Model& model, const data::Part& judged, const data::Part& train,
                            int threads);

}  // namespace wavenet::run
