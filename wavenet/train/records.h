// Records: what a run tells about itself beyond its losses, as plain values.
//
//   log.layer(999, {.layer = "blocks.0.tanh", .kind = "Tanh", .activation = histogram});
//   log.verdict(2000, {.name = "not learning", .because = "...", .advice = "..."});
//
// metrics.jsonl spells them as metrics.h says. Left out: measuring (the trainer's side) and
// judging.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "wavenet/base/histogram.h"

namespace wavenet::train {

// An innermost layer at a watched step.
struct LayerRecord {
  std::string layer;  // "blocks.0.tanh"
  std::string kind;   // "Tanh"
  Histogram activation{};
  std::optional<Histogram> gradient{};  // of the loss by the layer's output
  // Of a Tanh: the share of outputs beyond 0.97 in size, and the share of channels that are so for
  // every row of the minibatch.
  std::optional<double> saturated{};
  std::optional<double> dead{};
};

// A parameter at a watched step.
struct ParameterRecord {
  std::string parameter;  // "blocks.0.linear.weight"
  double std = 0;
  double gradient_std = 0;
  double update_ratio = 0;  // log10 of the update's std over the parameter's
};

// The running statistics of a BatchNorm at a watched step, over its channels.
struct NormRecord {
  std::string norm;                  // "blocks.0.norm"
  std::array<double, 3> mean{};      // lowest, median, highest
  std::array<double, 3> variance{};  // the same
};

struct Sample {
  std::string text;
  std::optional<bool> known{};  // stands in the training data; nothing for running text
};

// What is wrong with a run.
struct Verdict {
  std::string name;     // "not learning"
  std::string because;  // the number that it rests on
  std::string advice;   // one thing to try
};

}  // namespace wavenet::train
