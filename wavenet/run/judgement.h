// Judgement: a trained model on data of its own or on other data, with what stands beside its loss
// where the data that it was trained on is still there: baselines, and how much it may know by heart.
//
//   run::State opened = run::open("runs/a");
//   const run::JudgedData judged(opened.saved, data::read_source(opened.saved.recipe, "new.txt"));
//   const run::Judgement all = run::judge(opened, judged, "all", /*threads=*/2);
//
//   const run::Judgement val = run::judge(opened, *data, "val", /*threads=*/2);   // of any kind
//
// Left out: reading the data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wavenet/data/text/reading.h"
#include "wavenet/run/judge.h"
#include "wavenet/run/open.h"

namespace wavenet::run {

class JudgedData {
 public:
  // Looks for the data that the model was trained on, where `source` is another.
  JudgedData(const train::Checkpoint& saved, data::Source source);
  const data::Reading& judged() const { return judged_; }
  // Whether what is judged is what the model was trained on.
  bool is_own() const { return is_own_; }
  // The part that it was trained on, where that is still there; else why_not() says why it is not.
  const std::optional<data::Part>& train() const { return train_; }
  const std::string& why_not() const { return why_not_; }

 private:
  data::Reading judged_;
  bool is_own_;
  std::optional<data::Part> train_{};
  std::string why_not_{};
};

struct Judgement {
  std::string part;
  double loss;  // nats a code
  std::int64_t tokens;
  bool is_own = true;  // of the data that the model was trained on
  // Of a part that they were not fitted to; always fitted to what the model was trained on.
  std::optional<Marks> marks{};
  std::optional<Leak> leak{};
};

// The parts that say most: train and val of the data that a model was trained on, all of other data.
std::vector<std::string> telling_parts(bool is_own);

// Of a part that the dataset knows; marks where it is val of the data that the model was trained on.
Judgement judge(State& opened, const data::Dataset& data, const std::string& part, int threads);

// Of "all", or a part of the split. Throws Error where nothing is left of it.
Judgement judge(State& opened, const JudgedData& data, const std::string& part, int threads);

}  // namespace wavenet::run
