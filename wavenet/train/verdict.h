// Verdict (a diagnosis): what a run's own numbers say about it, during training and after.
//
//   train::Verdicts verdicts({.marks = marks, .learning_rate = 0.1});
//   verdicts.add(WindowRecord{1000, 2.31, 0.1}); verdicts.add(Evaluation{1000, "val", 2.35});
//   for (const LayerRecord& layer : watch.layers()) { verdicts.add(layer); }
//   if (std::optional<Verdict> verdict = verdicts.judge()) { ... }   // none for a healthy run
//
// The causes are told before the effects: a run that diverges, whose units are saturated or whose
// gradients are zero is not also told that it does not learn. Left out: reading the numbers, which
// whoever trains has at hand, and printing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "wavenet/log/records.h"

namespace wavenet::train {

// What a run is held against.
struct Reference {
  Marks marks{};
  std::string unit = "character";  // what a code is
  std::string measure =
      "nats";  // what the losses of evaluations are; others are not those of windows
  double learning_rate = 0;
  bool keeps_best = false;  // the model that is kept is the best on val
};

class Verdicts {
 public:
  explicit Verdicts(Reference reference) : reference_(std::move(reference)) {}

  // Windows (their loss not finite where training broke off), evaluations on val and train, layers
  // with tanh, and parameters count; what else is told does not.
  void add(const Record& record);

  // The gravest one, its step left to whoever logs it; none for a healthy run. `ended`: no step may
  // still mend what is wrong.
  std::optional<Verdict> judge(bool ended = false) const;

 private:
  struct Loss {
    std::int64_t steps;  // done
    double loss;
  };
  struct Watched {  // at one step
    std::int64_t step;
    double first;   // of a layer: saturated; of a parameter: the update ratio
    double second;  // of a layer: dead; of a parameter: the gradient's std
  };
  using History = std::map<std::string, std::vector<Watched>>;

  std::int64_t steps() const;
  // The mean losses of tenths of the run so far, none for a tenth in which no window ended.
  std::vector<double> tenths() const;
  static bool stays(const std::vector<Watched>& history, double Watched::*value, double above);
  double update_ratio() const;  // of a weight that moves little; NaN where none is watched

  void add_layer(const LayerRecord& layer);
  std::optional<Verdict> not_finite() const;
  std::optional<Verdict> diverging(bool ended) const;
  bool val_is_lowest() const;  // at the last step, and not the only one
  std::optional<Verdict> saturated(bool from_start) const;
  std::optional<Verdict> dead() const;
  std::optional<Verdict> without_gradient() const;
  std::optional<Verdict> behind_marks() const;
  std::optional<Verdict> behind_filter() const;
  std::optional<Verdict> over_fitting() const;

  Reference reference_;
  std::vector<Loss> windows_;
  std::map<std::string, std::vector<Loss>> evaluations_;  // by part
  History layers_;
  std::set<std::string> gated_;  // layers
  History parameters_;
};

}  // namespace wavenet::train
