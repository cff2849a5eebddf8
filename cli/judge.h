// Judging a model: its loss, and what stands beside it: marks that cost no training, and how much
// of the judged words the model may know by heart.
//
//   const double loss = loss_of(*model, corpus.val, threads);
//   const Marks marks = marks_of(corpus, "val");
//   const std::optional<Leak> leak = leak_of(*model, corpus, "val", threads);
//
// Left out: which data is judged (eval.cpp, training.cpp).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "wavenet/base/stop.h"
#include "wavenet/data/corpus.h"
#include "wavenet/data/reading.h"
#include "wavenet/log/records.h"
#include "wavenet/models/model.h"

namespace cli {

// The loss of `model`, which must be in evaluation mode, over sequences.
double loss_of(wavenet::models::Model& model, const std::vector<wavenet::data::Sequence>& sequences,
               int threads, const wavenet::Between& between = {});

// The same on a part of the data, with progress on standard error where it takes long. Throws
// Stopped.
double judged(wavenet::models::Model& model, const wavenet::data::Corpus& corpus,
              const std::string& part, int threads, const wavenet::Stop& stop);

// The loss of each token of one sequence, in nats.
std::vector<double> losses_of(wavenet::models::Model& model,
                              const wavenet::data::Sequence& targets);

// Losses on one part of the data of models that only count, fitted to its train part.
wavenet::Marks marks_of(const wavenet::data::Corpus& corpus, const std::string& part);
wavenet::Marks marks_of(const wavenet::data::Part& judged, const wavenet::data::Part& train,
                        std::int64_t vocabulary);

// Words of a part that also stand in train, and the model's loss on those and on the others.
struct Leak {
  std::int64_t words;
  std::int64_t seen;
  double seen_loss;    // NaN where there is none
  double unseen_loss;  // NaN where there is none
};
// Nothing for running text.
std::optional<Leak> leak_of(wavenet::models::Model& model, const wavenet::data::Corpus& corpus,
                            const std::string& part, int threads,
                            const wavenet::Between& between = {});
std::optional<Leak> leak_of(wavenet::models::Model& model, const wavenet::data::Part& judged,
                            const wavenet::data::Part& train, int threads);

// A line each on stdout, or a key each of a JSON object.
void print(const wavenet::Marks& marks, const std::string& part);
void print(const Leak& leak, const std::string& part);
void add_to(nlohmann::ordered_json& record, const wavenet::Marks& marks);
void add_to(nlohmann::ordered_json& record, const Leak& leak);

}  // namespace cli
