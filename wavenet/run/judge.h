// Judging a model on a dataset: its loss, and how much of what it is judged on it may know by heart.
//
//   const double loss = loss_of(*model, *data, "val", threads);
//   const std::optional<Leak> leak = leak_of(*model, *data, "val", threads);
//
// A model is judged as the cheaper one that gives the same numbers, where there is one. Left out:
// baselines, which the dataset has (data/dataset.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/dataset.h"
#include "wavenet/models/model.h"

namespace wavenet::run {

// The mean loss over a part of the data, or over sequences.
double loss_of(models::Model& model, const data::Dataset& data, const std::string& part,
               int threads, const Between& between = {});
double loss_of(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
               const Between& between = {});

// The same for each thing of a part alone that people know by name, as a file is; none where data has
// no such.
std::vector<FileLossRecord::File> losses_by_name(models::Model& model, const data::Dataset& data,
                                                 const std::string& part, int threads,
                                                 const Between& between = {});

// How many sequences of a part also stand in train, and the loss on those and on the others.
struct Leak {
  std::int64_t words;
  std::int64_t seen;
  double seen_loss;    // NaN where there is none
  double unseen_loss;  // NaN where there is none
};
Leak leak_of(models::Model& model, const data::Overlap& overlap, int threads,
             const Between& between = {});
// Nothing for data where being seen means nothing, as of running text.
std::optional<Leak> leak_of(models::Model& model, const data::Dataset& data,
                            const std::string& part, int threads, const Between& between = {});

}  // namespace wavenet::run
