// Records: what a run tells of its training, as plain values.
//
//   details.write(LayerRecord{.step = 1000, .name = "head", .kind = "Linear", .activation = h});
//   for (const LayerRecord& layer : read_history("runs/a").layers) { ... }
//
// `step` is everywhere how many steps were done. Left out: measuring and judging (train/), drawing
// (report/).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wavenet/base/histogram.h"

namespace wavenet {

// The mean loss of the steps since the window before it.
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

// A sound at a step. Its names: "sample 1", drawn at an evaluation; "val/dir/file.wav", data to hear beside
// it; of an amplifier "val/input", "val/target" and "model", what the model makes of the input.
struct SoundRecord {
  std::int64_t step = 0;
  std::string name;
  std::int64_t rate = 0;  // samples a second
  std::string codes;      // bytes of samples, at most kMaxSoundBytes
  std::int64_t bits = 8;  // of a sample: 8, a mu-law code (sound/mu_law.h), or 16, low byte first
  bool drawn() const { return !name.starts_with("val/"); }
};
// So that a record is a line of a log: of codes 4 seconds at 192 kHz, 48 at 16.
inline constexpr std::int64_t kMaxSoundBytes = 768'000;

// The loss of each file of a part of the data.
struct FileLossRecord {
  struct File {
    std::string name;
    double loss = 0;  // mean of its samples
    std::int64_t samples = 0;
  };
  std::int64_t step = 0;
  std::string split;
  std::vector<File> files{};
};

// How often each code occurs.
struct CodesRecord {
  std::int64_t step = 0;
  std::string of;  // "train"
  std::vector<std::int64_t> counts{};
};

// What is wrong with a run.
struct Verdict {
  std::int64_t step = 0;
  std::string name;     // "not learning"
  std::string because;  // the number that it rests on
  std::string advice;   // one thing to try
};

// Losses of models that only count, fitted to train and judged on val: the baselines of a run. NaN
// where one is not known.
struct Marks {
  double uniform = std::numeric_limits<double>::quiet_NaN();  // ln V
  double unigram = std::numeric_limits<double>::quiet_NaN();
  double ngram = std::numeric_limits<double>::quiet_NaN();
  std::int64_t order = 0;  // of the n-gram; 0: unknown
  // Of sound: a coder that predicts each sample from those before it.
  double linear_prediction = std::numeric_limits<double>::quiet_NaN();
  // Of an amplifier, as ESR: its input at the best gain, the best linear filter, the best static curve.
  double gain = std::numeric_limits<double>::quiet_NaN();
  double filter = std::numeric_limits<double>::quiet_NaN();
  double curve = std::numeric_limits<double>::quiet_NaN();
};

using Record = std::variant<WindowRecord, Evaluation, LayerRecord, ParameterRecord, NormRecord,
                            SampleRecord, SoundRecord, FileLossRecord, CodesRecord, Verdict>;

}  // namespace wavenet
