// Verdict: what a run's own numbers say about it, during training and after.
//
//   train::Verdicts verdicts({.uniform = 3.2958, .unigram = 2.8267, .ngram = 1.9740, .order = 6,
//                             .learning_rate = 0.1});
//   verdicts.window(999, 2.31); verdicts.evaluation(1000, "val", 2.35);
//   for (const LayerRecord& layer : watch.layers()) { verdicts.layer(layer); }
//   for (const Verdict& verdict : verdicts.judge()) { ... }   // none for a healthy run
//
// The causes are told before the effects: a run that diverges, whose units are saturated or whose
// gradients are zero is not also told that it does not learn. Left out: reading the numbers, which
// whoever trains has at hand, and printing.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "wavenet/base/records.h"

namespace wavenet::train {

// What a run is held against; NaN and 0 where it is not known.
struct Reference {
  double uniform = std::numeric_limits<double>::quiet_NaN();  // ln V
  double unigram = std::numeric_limits<double>::quiet_NaN();
  double ngram = std::numeric_limits<double>::quiet_NaN();
  std::int64_t order = 0;  // of the n-gram
  double learning_rate = 0;
  bool keeps_best = false;  // the model that is kept is the best on val
};

class Verdicts {
 public:
  explicit Verdicts(Reference reference) : reference_(reference) {}

  // The mean loss of a window of steps whose last, counted from 0, is `step`; not finite where
  // training broke off.
  void window(std::int64_t step, double loss);
  // The loss after `steps` steps; "val" and "train" count, other parts do not.
  void evaluation(std::int64_t steps, const std::string& split, double loss);
  // Layers without tanh are left out.
  void layer(const LayerRecord& layer);
  void parameter(const ParameterRecord& parameter);

  // The gravest one, its step left to whoever logs it; none for a healthy run. `ended`: no step may
  // still mend what is wrong.
  std::vector<Verdict> judge(bool ended = false) const;

 private:
  struct Window {
    std::int64_t steps;  // done after it
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

  // Each adds what it finds, and says whether it found anything.
  void give(std::vector<Verdict>& verdicts, std::string name, std::string because,
            std::string advice) const;
  bool not_finite(std::vector<Verdict>& verdicts) const;
  bool diverging(std::vector<Verdict>& verdicts, bool ended) const;
  bool saturated(std::vector<Verdict>& verdicts, bool from_start) const;
  bool dead(std::vector<Verdict>& verdicts) const;
  bool without_gradient(std::vector<Verdict>& verdicts) const;
  bool behind_marks(std::vector<Verdict>& verdicts) const;
  bool over_fitting(std::vector<Verdict>& verdicts) const;

  Reference reference_;
  std::vector<Window> windows_;
  std::map<std::string, std::vector<Window>> evaluations_;  // by part
  History layers_;
  std::set<std::string> gated_;  // layers
  History parameters_;
};

}  // namespace wavenet::train
