// Records: what a run tells of its training, as plain values.
//
//   log.write(LayerRecord{.step = 999, .name = "head", .kind = "Linear", .activation = h});
//   for (const LayerRecord& layer : report::read_records("runs/a").layers) { ... }
//
// `step` of a window or of a look at layers is the last step done, counted from 0; of all else it
// is how many steps were done. Left out: measuring, judging and writing them (train/), reading and
// drawing them (report/).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wavenet/base/histogram.h"

namespace wavenet {

// The mean loss of a window of steps.
struct WindowRecord {
  std::int64_t step = 0;
  double loss = 0;
  double rate = 0;
};

struct Evaluation {
  std::int64_t step = 0;
  std::string split;
  double loss = 0;
};

// An innermost layer at a watched step.
struct LayerRecord {
  std::int64_t step = 0;
  std::string name;  // "blocks.0.tanh"
  std::string kind;  // "Tanh"
  Histogram activation{};
  std::optional<Histogram> gradient{};  // of the loss by the layer's output
  // Of a Tanh or GatedTanh: the share of outputs beyond 0.97 in size, and the share of channels
  // that are so for every row of the minibatch.
  std::optional<double> saturated{};
  std::optional<double> dead{};
};

// A parameter at a watched step.
struct ParameterRecord {
  std::int64_t step = 0;
  std::string name;  // "blocks.0.linear.weight"
  double std = 0;
  double gradient_std = 0;
  double update_ratio = 0;  // log10 of the update's std over the parameter's
};

using Spread = std::array<double, 3>;  // lowest, median, highest

// The running statistics of a BatchNorm at a watched step, over its channels.
struct NormRecord {
  std::int64_t step = 0;
  std::string name;  // "blocks.0.norm"
  Spread mean{};
  Spread variance{};
};

struct Sample {
  std::string text;
  std::optional<bool> known{};  // stands in the training data; nothing for running text
};

struct SampleRecord {
  std::int64_t step = 0;
  std::vector<Sample> samples{};
};

// What is wrong with a run.
struct Verdict {
  std::int64_t step = 0;
  std::string name;     // "not learning"
  std::string because;  // the number that it rests on
  std::string advice;   // one thing to try
};

using Record = std::variant<WindowRecord, Evaluation, LayerRecord, ParameterRecord, NormRecord,
                            SampleRecord, Verdict>;

}  // namespace wavenet
