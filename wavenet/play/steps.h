// What a player does with a block: kernels, each with the lines that it reads and writes.
//
//   Terms terms(conv.out);
//   terms.add(conv, Channels(u));                      // of every output a sum of what stands in u
//   terms.sum_into(steps, Channels(z), Channels());
//   for (const auto& step : steps) { step->run(samples); }
//
// Steps are made once; run() allocates nothing. Left out: which steps a model takes (network.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wavenet/backend/backend.h"
#include "wavenet/nam/model.h"
#include "wavenet/play/line.h"

namespace wavenet::play {

class Step {
 public:
  virtual ~Step() = default;
  // When the lines have their memory.
  virtual void lay_out() {}
  virtual void run(std::int64_t samples) noexcept = 0;
};
using Steps = std::vector<std::unique_ptr<Step>>;

// What a channel held some samples ago.
struct Tap {
  Line* line;
  std::int64_t channel;
  std::int64_t back;
  bool operator==(const Tap&) const = default;
};

// Of every output a sum of taps, each with a weight, and a bias.
class Terms {
 public:
  explicit Terms(std::int64_t outputs) : outputs_(static_cast<std::size_t>(outputs)) {}

  void add(std::int64_t output, const Tap& tap, double weight);
  void add_bias(std::int64_t output, double bias);
  // The convolution's, each output times its scale.
  void add(const nam::Convolution& conv, const Channels& from, std::span<const double> scales);
  void add(const nam::Convolution& conv, const Channels& from, double scale = 1);

  // Steps that write the sums, and what stands in `addend` if it is any, to `to`: one for each run of
  // outputs that read the same taps. Addend and `to` may be one, of which no tap is then.
  void sum_into(Steps& steps, const Channels& to, const Channels& addend = {}) const;

 private:
  struct Output {
    std::vector<Tap> taps;
    std::vector<float> weights;
    double bias = 0;
  };
  std::vector<Output> outputs_;
};

// y = activation(x); y may be x. To `total`, where there is one, y is added.
void activate(Steps& steps, const nam::Activation& activation, const Channels& x, const Channels& y,
              const Channels& total = {});
// y = scale x + shift; scale and shift may be none; y may be any of them.
void modulate(Steps& steps, const Channels& x, const Channels& scale, const Channels& shift,
              const Channels& y);
// One layer: from x to hidden, a channel for each unit; both it and cell begin with the layer's state.
void recur(Steps& steps, const nam::LstmLayer& layer, const Channels& x, const Channels& hidden,
           const Channels& cell);

}  // namespace wavenet::play
